import type { ReactNode } from 'react';
import { ChartFigure } from './chart-figure.tsx';
import { ChartValue } from './chart-value.tsx';

export type BigNumberEntry = {
  readonly key: string;
  readonly name: string;
  readonly colour: string;
  readonly text: string;
  /** Below the figure: how it changed. */
  readonly note?: string;
  /** For the line below; gaps stay gaps. */
  readonly values: readonly (number | null)[];
};

/** One large figure a series, over a line of how it went. */
export function BigNumbers({
  entries,
  onEntry,
}: {
  readonly entries: readonly BigNumberEntry[];
  readonly onEntry?: (key: string, element: Element) => void;
}): ReactNode {
  return (
    <ChartFigure summary={entries.map(({ name, text }) => `${name}: ${text}`).join(', ')}>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(200px,1fr))] gap-4 p-5">
        {entries.map((entry) => (
          <div key={entry.key} className="grid min-w-0 justify-items-center gap-1 py-5">
            <span className="max-w-full text-ink-2 truncate-line">{entry.name}</span>
            <span className="text-4xl font-semibold tracking-tight">
              <ChartValue entry={entry} onEntry={onEntry}>
                {entry.text}
              </ChartValue>
            </span>
            {entry.note === undefined ? null : (
              <span className="text-xs text-ink-2 tabular">{entry.note}</span>
            )}
            <Spark values={entry.values} colour={entry.colour} />
          </div>
        ))}
      </div>
    </ChartFigure>
  );
}

const width = 200;
const height = 44;

function Spark({
  values,
  colour,
}: {
  readonly values: readonly (number | null)[];
  readonly colour: string;
}): ReactNode {
  const max = Math.max(1, ...values.map((value) => value ?? 0));
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let pen = 'M';
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value === null) {
      pen = 'M';
      continue;
    }
    path += `${pen}${(index * step).toFixed(1)} ${(height - (value / max) * (height - 4) - 2).toFixed(1)}`;
    pen = 'L';
  }
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden>
      <path d={path} fill="none" stroke={colour} strokeWidth="2" strokeLinejoin="round" />
    </svg>
  );
}
