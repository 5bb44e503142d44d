import type { ReactNode } from 'react';
import { Logo } from '#components/logo.tsx';

/** The page around sign-in and first set-up. */
export function EntryCard({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <main className="grid min-h-full place-items-center px-4 py-10">
      <div className="grid w-full max-w-sm gap-5">
        <div className="flex items-center gap-2.5">
          <Logo size={32} />
          <span className="text-lg font-semibold tracking-tight">Arbor</span>
        </div>
        <section className="grid gap-4 rounded-lg border border-line bg-surface p-6 shadow-card">
          <header className="grid gap-1">
            <h1 className="text-lg font-semibold">{title}</h1>
            {lead === undefined ? null : <div className="text-ink-2">{lead}</div>}
          </header>
          {children}
        </section>
      </div>
    </main>
  );
}
