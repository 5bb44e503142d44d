import type { ReactNode } from 'react';

/** One titled part of the builder; `action` stands at the right of the title. */
export function BuilderSection({
  title,
  action,
  children,
}: {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section
      aria-label={title}
      className="grid gap-2 border-b border-line px-4 py-3.5 last:border-b-0"
    >
      <div className="flex h-6 items-center justify-between">
        <h2 className="text-xs font-semibold text-ink-2">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}
