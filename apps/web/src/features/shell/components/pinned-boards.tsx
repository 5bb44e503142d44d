'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTRPC } from '#api/trpc.ts';
import { classNames } from '#components/class-names.ts';
import { viewPath } from '../model.ts';

/** The boards that somebody pinned for all who see the project, below "Boards" (UX-S1); nothing where there are none. */
export function PinnedBoards({
  projectId,
  path,
}: {
  readonly projectId: number;
  readonly path: string;
}): ReactNode {
  const trpc = useTRPC();
  const page = { limit: 100 };
  const { data } = useQuery(trpc.boards.list.queryOptions({ projectId, page, pinned: true }));
  const boards = (data?.boards ?? []).toSorted((a, b) => a.title.localeCompare(b.title));
  if (boards.length === 0) return null;
  return (
    <ul data-testid="pinned-boards" className="mb-1 ml-8.5 grid max-h-36 overflow-y-auto">
      {boards.map(({ id, title }) => {
        const href = `${viewPath(projectId, 'boards')}/${id}`;
        const current = path === href;
        return (
          <li key={id} className="min-w-0">
            <Link
              href={href}
              title={title}
              aria-current={current ? 'page' : undefined}
              className={classNames(
                'flex h-7 items-center rounded-md px-2 text-xs',
                current ? 'bg-accent-soft text-accent' : 'text-ink-2 hover:bg-hover hover:text-ink',
              )}
            >
              <span className="truncate-line">{title}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
