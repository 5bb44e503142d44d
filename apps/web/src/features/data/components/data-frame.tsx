'use client';

import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { classNames } from '#components/class-names.ts';
import { useTabShortcuts } from '#shortcuts/shortcuts.tsx';

const pages = [
  { path: 'lexicon', label: 'Lexicon' },
  { path: 'health', label: 'Health' },
  { path: 'rejected', label: 'Rejected' },
  { path: 'import', label: 'Import' },
] as const;

/** The pages about the data itself, one beside the other. */
export function DataFrame({ children }: { readonly children: ReactNode }): ReactNode {
  const { id } = useProject();
  const current = usePathname().split('/')[4];
  const router = useRouter();
  useTabShortcuts(
    pages.map(({ path, label }) => ({ label, run: () => router.push(`/p/${id}/data/${path}`) })),
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-wrap items-center gap-x-5 gap-y-1 border-b border-line bg-surface px-4 pt-2 md:px-5">
        <h1 className="text-base font-semibold">Data</h1>
        <nav aria-label="Data" className="-mb-px flex overflow-x-auto">
          {pages.map(({ path, label }) => (
            <Link
              key={path}
              href={`/p/${id}/data/${path}`}
              data-testid={`data-${path}`}
              aria-current={path === current ? 'page' : undefined}
              className={classNames(
                'grid h-11 place-items-center border-b-2 px-3 font-medium md:h-9',
                path === current
                  ? 'border-accent text-ink'
                  : 'border-transparent text-ink-2 hover:text-ink',
              )}
            >
              {label}
            </Link>
          ))}
        </nav>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    </div>
  );
}
