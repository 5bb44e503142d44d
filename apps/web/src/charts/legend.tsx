import type { ReactNode } from 'react';

export type LegendEntry = { readonly key: string; readonly name: string; readonly colour: string };

/** Names of the drawn series; clicking one takes it out of the chart. */
export function Legend({
  entries,
  onRemove,
}: {
  readonly entries: readonly LegendEntry[];
  readonly onRemove?: (key: string) => void;
}): ReactNode {
  return (
    <ul className="flex max-h-20 flex-wrap gap-x-4 overflow-y-auto px-4 pt-1.5 pb-3 text-xs text-ink-2">
      {entries.map((entry) => {
        const label = (
          <>
            <span
              className="size-2.5 shrink-0 rounded-sm"
              style={{ background: entry.colour }}
              aria-hidden
            />
            <span className="truncate-line">{entry.name}</span>
          </>
        );
        return (
          <li key={entry.key} className="min-w-0 max-w-60">
            {onRemove === undefined ? (
              <span className="flex h-6 items-center gap-1.5">{label}</span>
            ) : (
              <button
                type="button"
                title={`Take “${entry.name}” out of the chart`}
                onClick={() => onRemove(entry.key)}
                className="flex h-6 max-w-full items-center gap-1.5 hover:text-ink"
              >
                {label}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
