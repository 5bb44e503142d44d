import type { ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';

/** A card of the report: its title row may hold controls, its body decides its own padding. */
export function Panel({
  title,
  actions,
  faded = false,
  children,
}: {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  /** The figures belong to the question before this one. */
  readonly faded?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="min-w-0 rounded-lg border border-line bg-surface shadow-card">
      {title === undefined && actions === undefined ? null : (
        <header className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
          <div className="min-w-0 flex-1 text-xs text-ink-2">{title}</div>
          {actions}
        </header>
      )}
      <div className={classNames('transition-opacity', faded && 'opacity-55')}>{children}</div>
    </section>
  );
}
