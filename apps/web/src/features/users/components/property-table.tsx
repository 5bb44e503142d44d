import type { ReactNode } from 'react';
import { valueText } from '#format/property-value.ts';
import type { PropertyLine } from '../profile.ts';

/** Properties of an event: name, value, type. */
export function PropertyTable({ lines }: { readonly lines: readonly PropertyLine[] }): ReactNode {
  if (lines.length === 0) return <p className="text-ink-3">It was sent without properties.</p>;
  return (
    <table aria-label="Properties" className="w-full table-fixed border-separate border-spacing-0">
      <tbody>
        {lines.map(({ name, label, value, type }) => (
          <tr key={name}>
            <th
              scope="row"
              title={name}
              className="w-36 border-b border-line py-1.5 pr-3 text-left align-top font-normal text-ink-2 truncate-line"
            >
              {label}
            </th>
            <td className="border-b border-line py-1.5 align-top break-words">
              {valueText(value)}
            </td>
            <td className="w-16 border-b border-line py-1.5 text-right align-top text-2xs leading-5 text-ink-3">
              {type}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
