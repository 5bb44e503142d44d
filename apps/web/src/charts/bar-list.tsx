import type { ReactNode } from 'react';
import { ChartFigure } from './chart-figure.tsx';
import { ChartValue } from './chart-value.tsx';

export type BarEntry = {
  readonly key: string;
  readonly name: string;
  readonly colour: string;
  readonly value: number | null;
};

/** One bar a series for its value over the whole range, longest possible at the largest value. */
export function BarList({
  entries,
  format,
  onEntry,
}: {
  readonly entries: readonly BarEntry[];
  readonly format: (value: number | null) => string;
  readonly onEntry?: (key: string, element: Element) => void;
}): ReactNode {
  const max = Math.max(0, ...entries.map((entry) => entry.value ?? 0));
  const summary = entries.map((entry) => `${entry.name}: ${format(entry.value)}`).join(', ');
  return (
    <ChartFigure summary={summary}>
      <ul className="grid max-h-[420px] gap-1.5 overflow-y-auto p-4">
        {entries.map((entry) => (
          <li
            key={entry.key}
            className="grid grid-cols-[minmax(80px,22%)_1fr] items-center gap-3"
            title={entry.name}
          >
            <span className="text-right text-ink-2 truncate-line">{entry.name}</span>
            <span className="flex min-w-0 items-center gap-1 font-medium">
              <span
                className="h-6 min-w-0.5 shrink rounded-sm"
                style={{
                  width: `calc((100% - 84px) * ${max === 0 ? 0 : (entry.value ?? 0) / max})`,
                  background: entry.colour,
                }}
              />
              <ChartValue entry={entry} onEntry={onEntry}>
                {format(entry.value)}
              </ChartValue>
            </span>
          </li>
        ))}
      </ul>
    </ChartFigure>
  );
}
