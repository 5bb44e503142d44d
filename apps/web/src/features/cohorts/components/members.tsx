'use client';

import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { formatCount } from '#format/number.ts';
import { useListedUsers } from '#report/listed-users.ts';
import { Panel } from '#report/panel.tsx';
import { UserList } from '#report/user-list.tsx';
import type { CohortQueryInput } from '../state.ts';

/** Who is in the cohort now: all of them, as they are scrolled to. The file is of the cohort as it is saved. */
export function Members({
  query,
  savedId,
}: {
  readonly query: CohortQueryInput;
  /** Null: what is shown is not saved. */
  readonly savedId: string | null;
}): ReactNode {
  const { id } = useProject();
  const { type, filters } = query;
  const list = useListedUsers({ of: { type, filters }, point: { type: 'cohort' } });
  return (
    <Panel
      title={
        <span data-testid="members-count">
          {list.total === null ? 'Members' : formatCount(list.total, 'member')}
        </span>
      }
      actions={
        savedId === null ? undefined : (
          <a
            href={`/api/v1/projects/${id}/cohorts/${encodeURIComponent(savedId)}/members?spreadsheet=true`}
            download="members.csv"
            data-testid="members-csv"
            className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line-strong/70 bg-surface px-2 text-xs font-medium shadow-card hover:bg-hover"
          >
            <Download size={14} aria-hidden /> CSV
          </a>
        )
      }
    >
      <UserList list={list} label="Members" />
    </Panel>
  );
}
