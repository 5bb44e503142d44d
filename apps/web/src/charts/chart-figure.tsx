import type { ReactNode } from 'react';

/** Where a figure was clicked; by keyboard there is no place, but what the keys have moved to. */
export type ChartPick = { readonly figure: Element; readonly y: number | null };

/** A chart as a figure whose summary says in words what it shows (UX-X2); the table is its alternative. */
export function ChartFigure({
  summary,
  onPick,
  children,
}: {
  readonly summary: string;
  readonly onPick?: (pick: ChartPick) => void;
  readonly children: ReactNode;
}): ReactNode {
  if (onPick === undefined) {
    return (
      <figure data-testid="chart" aria-label={summary} className="min-w-0">
        {children}
      </figure>
    );
  }
  return (
    // The chart in it takes focus and arrow keys by itself; what it shows can be chosen by Enter as by a click.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <figure
      data-testid="chart"
      aria-label={summary}
      className="min-w-0 [&_.recharts-surface]:cursor-pointer"
      onClick={(event) => onPick({ figure: event.currentTarget, y: event.clientY })}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onPick({ figure: event.currentTarget, y: null });
      }}
    >
      {children}
    </figure>
  );
}
