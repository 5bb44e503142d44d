'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { classNames } from '#components/class-names.ts';
import { useTabShortcuts } from '#shortcuts/shortcuts.tsx';
import { pagesFor, type SettingsPage } from '../model.ts';

/** Head and tabs of a page of the settings (`ux.md` 23). */
export function SettingsFrame({
  page,
  signedIn,
  children,
}: {
  readonly page: SettingsPage;
  readonly signedIn: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const { id, name, role } = useProject();
  const router = useRouter();
  const pages = pagesFor(role, signedIn).map(({ path, ...each }) => ({
    ...each,
    href: `/p/${id}/settings${path}`,
  }));
  useTabShortcuts(pages.map(({ label, href }) => ({ label, run: () => router.push(href) })));
  return (
    <div className="h-full overflow-y-auto" data-testid="settings">
      <div className="mx-auto grid max-w-3xl gap-5 px-4 py-6 md:px-6">
        <header className="grid gap-3">
          <h1 className="text-xl font-semibold">Settings of {name}</h1>
          <nav aria-label="Settings" className="flex gap-1 overflow-x-auto border-b border-line">
            {pages.map((each) => (
              <Link
                key={each.id}
                href={each.href}
                data-testid={`settings-${each.id}`}
                aria-current={each.id === page ? 'page' : undefined}
                className={classNames(
                  '-mb-px border-b-2 px-3 py-2 font-medium whitespace-nowrap',
                  each.id === page
                    ? 'border-accent text-ink'
                    : 'border-transparent text-ink-2 hover:text-ink',
                )}
              >
                {each.label}
              </Link>
            ))}
          </nav>
        </header>
        {children}
      </div>
    </div>
  );
}
