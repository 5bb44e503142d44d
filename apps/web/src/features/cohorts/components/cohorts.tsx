'use client';

import { Plus, UsersRound } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { DataTable, type Column } from '#components/data-table.tsx';
import { SearchField } from '#components/search-field.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import type { Sort } from '#components/table-model.ts';
import { dayText } from '#format/instant.ts';
import { formatCount, formatNumber } from '#format/number.ts';
import { useCohortName, useCohorts, type SavedCohort } from '#report/cohorts.ts';
import { FailureState } from '#report/report-states.tsx';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { useSize } from '../api.ts';
import { definitionSentence } from '../definition.ts';

const searchParser = parseAsString.withDefault('').withOptions({ history: 'replace' });

/** The saved cohorts of the project, with how many users each has now. */
export function Cohorts(): ReactNode {
  const { id, role } = useProject();
  const { cohorts, loading, failure, retry } = useCohorts();
  const [search, setSearch] = useQueryState('search', searchParser);
  const searchField = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Search cohorts', () => searchField.current?.focus());
  const found = cohorts.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(search.trim().toLowerCase()),
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-4 pt-3 pb-2.5 md:px-5">
        <h1 className="text-base font-semibold">Cohorts</h1>
        <output className="text-xs text-ink-2 tabular" data-testid="cohorts-count">
          {loading ? '' : formatCount(found.length, 'cohort')}
        </output>
        <span className="flex-1" />
        <SearchField
          ref={searchField}
          label="Search cohorts"
          placeholder="Name"
          value={search}
          className="w-52"
          data-testid="cohorts-search"
          onChange={(event) => void setSearch(event.target.value)}
        />
        <NewCohortLink projectId={id} label={maySave(role) ? 'New cohort' : 'Try conditions'} />
      </header>
      {failure !== null ? (
        <FailureState failure={failure} onRetry={retry} />
      ) : loading ? (
        <RowsSkeleton />
      ) : found.length === 0 ? (
        <NoCohorts searched={cohorts.length > 0} />
      ) : (
        <CohortTable cohorts={found} />
      )}
    </div>
  );
}

function NewCohortLink({
  projectId,
  label,
}: {
  readonly projectId: number;
  readonly label: string;
}): ReactNode {
  return (
    <Link
      href={`/p/${projectId}/cohorts/new`}
      data-testid="cohort-new"
      className="inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-3 font-medium text-on-accent shadow-card hover:bg-accent-strong"
    >
      <Plus size={14} aria-hidden /> {label}
    </Link>
  );
}

function NoCohorts({ searched }: { readonly searched: boolean }): ReactNode {
  return searched ? (
    <StateMessage testId="cohorts-empty" icon={<UsersRound size={20} />} title="No cohort found">
      No cohort has this in its name.
    </StateMessage>
  ) : (
    <StateMessage testId="cohorts-empty" icon={<UsersRound size={20} />} title="No cohorts yet">
      A cohort is a group of users: what they did, what they are. It can filter any report, and is
      always whoever meets its conditions now.
    </StateMessage>
  );
}

function CohortTable({ cohorts }: { readonly cohorts: readonly SavedCohort[] }): ReactNode {
  const { id: projectId, timezone } = useProject();
  const nameOf = useCohortName();
  const [sort, setSort] = useState<Sort | null>(null);
  const columns = useMemo(
    (): readonly Column<SavedCohort>[] => [
      {
        id: 'name',
        header: 'Cohort',
        width: 240,
        pinned: true,
        value: ({ name }) => name,
        cell: ({ id, name }) => (
          <Link
            href={`/p/${projectId}/cohorts/${encodeURIComponent(id)}`}
            prefetch={false}
            data-testid="cohort-row"
            className="font-medium text-accent underline-offset-2 hover:underline"
          >
            {name}
          </Link>
        ),
      },
      {
        id: 'users',
        header: 'Users now',
        numeric: true,
        width: 104,
        value: () => null,
        cell: ({ id }) => <SizeCell id={id} />,
      },
      {
        id: 'definition',
        header: 'Who',
        width: 420,
        value: ({ definition }) => definitionSentence(definition, nameOf),
        cell: ({ definition }) => {
          const words = definitionSentence(definition, nameOf);
          return <span title={words}>{words}</span>;
        },
      },
      {
        id: 'author',
        header: 'Made by',
        width: 160,
        value: ({ createdBy }) => createdBy,
        cell: ({ createdBy }) => createdBy,
      },
      {
        id: 'changed',
        header: 'Changed',
        width: 120,
        value: ({ updatedAt }) => updatedAt,
        cell: ({ updatedAt }) => dayText(Date.parse(updatedAt), timezone),
      },
    ],
    [projectId, timezone, nameOf],
  );
  return (
    <div className="min-h-0 flex-1 bg-surface">
      <DataTable
        label="Cohorts"
        testId="cohorts-table"
        columns={columns}
        rows={cohorts}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={setSort}
        fill
      />
    </div>
  );
}

function SizeCell({ id }: { readonly id: string }): ReactNode {
  const { users, failure } = useSize(id);
  if (failure !== null) return <span title={failure.text}>failed</span>;
  return users === null ? (
    <Skeleton className="ml-auto h-4 w-12" />
  ) : (
    <span data-testid="cohort-row-size">{formatNumber(users)}</span>
  );
}

function RowsSkeleton(): ReactNode {
  return (
    <output className="grid content-start gap-3 px-4 py-4 md:px-5" aria-label="Loading">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} className="h-5" />
      ))}
    </output>
  );
}
