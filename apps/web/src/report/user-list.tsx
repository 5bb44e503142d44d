'use client';

import { UsersRound } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import type { Sort } from '#components/table-model.ts';
import { propertyLabel } from '#format/property-name.ts';
import { nameOfUser, profileText } from './listed-user.ts';
import type { ListedUser, ListedUsers } from './listed-users.ts';
import { FailureState } from './report-states.tsx';
import { UserLink } from './user-link.tsx';

/** The users behind a number, with the next ones as the last come into sight. */
export function UserList({
  list,
  label,
  fill = false,
}: {
  readonly list: ListedUsers;
  readonly label: string;
  /** Takes the whole height of a panel. */
  readonly fill?: boolean;
}): ReactNode {
  const [sort, setSort] = useState<Sort | null>(null);
  if (list.rows === undefined) {
    return list.failure === null ? (
      <RowsSkeleton />
    ) : (
      <FailureState failure={list.failure} onRetry={list.retry} />
    );
  }
  if (list.rows.length === 0) {
    return (
      <StateMessage testId="user-list-empty" icon={<UsersRound size={20} />} title="Nobody">
        No user is behind this number.
      </StateMessage>
    );
  }
  return (
    <>
      <DataTable
        label={label}
        testId="user-list"
        columns={columns}
        rows={list.rows}
        rowCount={list.total ?? list.rows.length}
        rowKey={({ user }) => user}
        sort={sort}
        onSort={setSort}
        onNearEnd={list.loadMore}
        fill={fill}
      />
      {list.failure === null ? null : (
        <p role="alert" className="flex items-center gap-3 px-4 py-2 text-danger">
          <span className="flex-1">More users could not be read: {list.failure.text}.</span>
          <Button size="sm" onClick={list.retry}>
            Try again
          </Button>
        </p>
      )}
    </>
  );
}

const columns: readonly Column<ListedUser>[] = [
  {
    id: 'name',
    header: 'User',
    width: 190,
    pinned: true,
    value: ({ user, profile }) => nameOfUser(user, profile),
    cell: ({ user, profile }) => (
      <UserLink identifier={user} className="font-medium">
        {nameOfUser(user, profile)}
      </UserLink>
    ),
  },
  profileColumn('$email', 210),
  profileColumn('$city', 120),
  profileColumn('$country_code', 90),
  {
    id: 'identifier',
    header: 'Identifier',
    width: 240,
    value: ({ user }) => user,
    cell: ({ user }) => <span title={user}>{user}</span>,
  },
];

function profileColumn(name: string, width: number): Column<ListedUser> {
  return {
    id: name,
    header: propertyLabel(name),
    width,
    value: ({ profile }) => profileText(profile, name),
    cell: ({ profile }) => (
      <span title={profileText(profile, name)}>{profileText(profile, name)}</span>
    ),
  };
}

function RowsSkeleton(): ReactNode {
  return (
    <output className="grid content-start gap-3 p-4" aria-label="Loading">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} className="h-5" />
      ))}
    </output>
  );
}
