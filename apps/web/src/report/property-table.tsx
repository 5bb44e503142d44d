import type { ReactNode } from 'react';
import { propertyLabel } from '#format/property-name.ts';
import { valueText, valueType } from '#format/property-value.ts';

/** Properties as they were sent: what each is called, its value and the type of it. */
export function PropertyTable({
  properties,
}: {
  readonly properties: readonly (readonly [name: string, value: unknown])[];
}): ReactNode {
  return (
    <table aria-label="Properties" className="w-full table-fixed border-separate border-spacing-0">
      <tbody>
        {properties.map(([name, value]) => (
          <tr key={name}>
            <th
              scope="row"
              title={name}
              className="w-36 border-b border-line py-1.5 pr-3 text-left align-top font-normal text-ink-2 truncate-line"
            >
              {propertyLabel(name)}
            </th>
            <td className="border-b border-line py-1.5 align-top break-words">
              {valueText(value)}
            </td>
            <td className="w-16 border-b border-line py-1.5 text-right align-top text-2xs leading-5 text-ink-3">
              {valueType(value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
