import type { ReactNode } from 'react';

/** A figure that is written in a chart; a button where it leads somewhere. */
export function ChartValue({
  entry,
  onEntry,
  children,
}: {
  readonly entry: { readonly key: string; readonly name: string };
  readonly onEntry: ((key: string, element: Element) => void) | undefined;
  readonly children: string;
}): ReactNode {
  if (onEntry === undefined) return <span className="tabular">{children}</span>;
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={`${entry.name}: ${children}`}
      onClick={(event) => onEntry(entry.key, event.currentTarget)}
      className="rounded-sm px-1 tabular hover:text-accent"
    >
      {children}
    </button>
  );
}
