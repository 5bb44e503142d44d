import type { ReactNode } from 'react';
import { formatCount, formatPercent } from '#format/number.ts';
import { ChartFigure } from './chart-figure.tsx';
import { ChartValue } from './chart-value.tsx';
import { arcPath, restKey, slicesOf, type SliceEntry } from './slices.ts';

const radius = 100;
const hole = 62;

/** Shares of a whole; the smallest are one slice, and it says of how many (`ux.md` 6.1). */
export function Donut({
  entries,
  format,
  onEntry,
}: {
  readonly entries: readonly SliceEntry[];
  readonly format: (value: number | null) => string;
  readonly onEntry?: (key: string, element: Element) => void;
}): ReactNode {
  const { slices, rest, total } = slicesOf(entries);
  const summary = slices
    .map(({ entry, share }) => `${entry.name}: ${format(entry.value)}, ${formatPercent(share)}`)
    .join('; ');
  if (total === 0) {
    return <p className="px-4 py-16 text-center text-ink-2">Nothing here is a share of a whole</p>;
  }
  return (
    <ChartFigure summary={summary}>
      <div className="flex flex-wrap items-center justify-center gap-x-10 gap-y-4 p-5">
        <svg viewBox="-104 -104 208 208" className="size-60 shrink-0" aria-hidden>
          {slices.map(({ entry, from, to }) => (
            <path
              key={entry.key}
              d={arcPath({ from, to, radius, hole })}
              fill={entry.colour}
              stroke="var(--surface)"
              strokeWidth="1.5"
              fillRule="evenodd"
            >
              <title>{entry.name}</title>
            </path>
          ))}
        </svg>
        <ul className="grid min-w-60 gap-1">
          {slices.map(({ entry, share }) => (
            <li key={entry.key} className="flex items-center gap-2">
              <span
                aria-hidden
                className="size-2.5 shrink-0 rounded-sm"
                style={{ background: entry.colour }}
              />
              <span className="min-w-0 flex-1 text-ink-2 truncate-line" title={entry.name}>
                {entry.name}
              </span>
              <span className="font-medium">
                <ChartValue entry={entry} onEntry={entry.key === restKey ? undefined : onEntry}>
                  {format(entry.value)}
                </ChartValue>
              </span>
              <span className="w-16 text-right text-ink-3 tabular">{formatPercent(share)}</span>
            </li>
          ))}
          {rest === 0 ? null : (
            <li className="pt-1 text-xs text-ink-2">
              “Rest” is {formatCount(rest, 'slice')} that would be too thin to see.
            </li>
          )}
        </ul>
      </div>
    </ChartFigure>
  );
}
