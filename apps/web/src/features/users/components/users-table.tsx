'use client';

import Link from 'next/link';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { UserColumn } from '@arbor/schema/query';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { classNames } from '#components/class-names.ts';
import { DataTable, type Column } from '#components/data-table.tsx';
import { identifierLabel } from '#format/identifier.ts';
import { userPath } from '#report/user-link.tsx';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import type { ListedUser, UserList } from '../api.ts';
import {
  cellText,
  columnKey,
  columnLabel,
  columnWidth,
  sortAfter,
  type UsersState,
} from '../list.ts';
import { withUsers, type Chosen } from '../selection.ts';
import { Avatar } from './avatar.tsx';

export type UsersTableProps = {
  readonly list: UserList;
  readonly state: UsersState;
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
  readonly onSort: (sort: UsersState['sort']) => void;
};

/** A row a user; the server sorts, and gives the next rows as the last ones come into sight. */
export function UsersTable({ list, state, onSort, ...choice }: UsersTableProps): ReactNode {
  const { id, timezone } = useProject();
  const ref = useRef<HTMLDivElement>(null);
  const step = (by: number) => (): void => moveFocus(ref.current, by);
  useShortcut('j', 'Next user', step(1));
  useShortcut('k', 'Previous user', step(-1));
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || !(event.target instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    moveFocus(ref.current, by);
  };
  const columns = [
    nameColumn(id, choice),
    ...state.columns.map((column, at) => valueColumn(column, at, timezone)),
  ];
  const { column, descending } = state.sort;
  return (
    // Arrow keys move between the rows, each of which has a link.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={ref}
      onKeyDown={onKeyDown}
      aria-busy={list.outdated}
      className={classNames(
        'min-h-0 flex-1 bg-surface transition-opacity',
        list.outdated && 'opacity-55',
      )}
    >
      <div className="flex h-full min-h-0 flex-col">
        <div className="min-h-0 flex-1">
          <DataTable
            label="Users"
            testId="users-table"
            columns={columns}
            rows={list.rows ?? []}
            rowKey={({ user }) => user}
            rowCount={list.total ?? 0}
            sort={{ column: columnKey(column), descending }}
            onSort={(next) => onSort(sortAfter(next))}
            onNearEnd={list.loadMore}
            presorted
            fill
          />
        </div>
        <MoreRows list={list} />
      </div>
    </div>
  );
}

/** Below the rows only while the next ones are on their way, or did not come. */
function MoreRows({ list }: { readonly list: UserList }): ReactNode {
  if (list.failure !== null) {
    return (
      <p
        role="alert"
        className="flex items-center gap-3 border-t border-line px-4 py-2 text-danger"
      >
        <span className="flex-1">More users could not be read: {list.failure.text}.</span>
        <Button size="sm" onClick={list.retry}>
          Try again
        </Button>
      </p>
    );
  }
  if (!list.more || !list.loading) return null;
  return (
    <output className="block border-t border-line px-4 py-2 text-xs text-ink-3">
      Loading more users
    </output>
  );
}

/** From the row of the focused link to the next one; without one, to the first. */
function moveFocus(table: HTMLElement | null, by: number): void {
  const row = document.activeElement?.closest('tr');
  const next = by > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  const target =
    row && table?.contains(row) === true ? next?.querySelector('a') : table?.querySelector('a');
  target?.focus();
}

type Choice = Pick<UsersTableProps, 'chosen' | 'onChoose'>;

function nameColumn(projectId: number, { chosen, onChoose }: Choice): Column<ListedUser> {
  const column: UserColumn = { type: 'display_name' };
  return {
    id: columnKey(column),
    header: columnLabel(column),
    width: columnWidth(column),
    pinned: true,
    value: ({ displayName }) => displayName,
    cell: ({ user, displayName }) => {
      const name = identifierLabel(displayName);
      return (
        <span className="flex items-center gap-2.5">
          <Checkbox
            label={`Choose ${name}`}
            checked={chosen.has(user)}
            onChange={(isChosen) => onChoose(withUsers(chosen, [user], isChosen))}
          />
          <Link
            href={userPath(projectId, user)}
            prefetch={false}
            data-testid="user-row"
            className="flex h-8 min-w-0 flex-1 items-center gap-2 font-medium -outline-offset-2 hover:text-accent"
          >
            <Avatar user={user} name={name} size="sm" />
            <span className="truncate-line">{name}</span>
          </Link>
        </span>
      );
    },
  };
}

function valueColumn(column: UserColumn, at: number, timezone: string): Column<ListedUser> {
  const text = ({ values }: ListedUser): string => cellText(column, values[at], timezone);
  return {
    id: columnKey(column),
    header: columnLabel(column),
    width: columnWidth(column),
    numeric: column.type === 'event_count',
    value: text,
    cell: (row) => <span title={text(row)}>{text(row)}</span>,
  };
}
