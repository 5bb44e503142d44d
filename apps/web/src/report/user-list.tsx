'use client';

import { UsersRound } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { DataTable, type Column } from '#components/data-table.tsx';
import type { Sort } from '#components/table-model.ts';
import type { CsvValue } from '#format/csv.ts';
import { propertyLabel } from '#format/property-name.ts';
import { nameOfUser, profileText } from './listed-user.ts';
import type { ListedUser, ListedUsers } from './listed-users.ts';
import { ListPage } from './list-page.tsx';
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
  return (
    <ListPage list={list} noun="users" icon={<UsersRound size={20} />}>
      {(users) => (
        <DataTable
          label={label}
          testId="user-list"
          columns={columns}
          rows={users}
          rowCount={list.total ?? users.length}
          rowKey={({ user }) => user}
          sort={sort}
          onSort={setSort}
          onNearEnd={list.loadMore}
          fill={fill}
        />
      )}
    </ListPage>
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

/** Everybody of the list as rows of a file, with the names of the columns above. */
export function userListCsv(users: readonly ListedUser[]): readonly (readonly CsvValue[])[] {
  return [
    columns.map(({ header }) => header),
    ...users.map((user) => columns.map(({ value }) => value(user))),
  ];
}
