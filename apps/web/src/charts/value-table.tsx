import type { ReactNode } from 'react';

export type ValueEntry = { readonly key: string; readonly name: string; readonly text: string };

/** Names and their figures over the whole range, for where there is no room for more. */
export function ValueTable({ entries }: { readonly entries: readonly ValueEntry[] }): ReactNode {
  return (
    <table className="w-full" data-testid="chart">
      <thead className="sr-only">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Over the range</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ key, name, text }) => (
          <tr key={key} className="border-b border-line last:border-b-0">
            <th
              scope="row"
              title={name}
              className="max-w-0 w-full px-4 py-1.5 text-left font-normal text-ink-2 truncate-line"
            >
              {name}
            </th>
            <td className="px-4 py-1.5 text-right font-medium tabular">{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
