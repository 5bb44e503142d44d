import type { ReactNode } from 'react';

/** A chart as a figure whose summary says in words what it shows (UX-X2); the table is its alternative. */
export function ChartFigure({
  summary,
  children,
}: {
  readonly summary: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <figure data-testid="chart" aria-label={summary} className="min-w-0">
      {children}
    </figure>
  );
}
