import type { Db } from '@arbor/db';
import type { QueryInput, UsersQuery } from '@arbor/schema/query';
import type { UsersResult } from '@arbor/schema/users-result';
import type { QueryService } from '../dqs/ports.ts';
import { csvLine } from '@arbor/schema/csv-rows';
import type { UserLists, UsersRequest } from './ports.ts';
import { ask } from './user-events.ts';

/** Of who has an identifier with the text: nobody looks through more, and a query holds them. */
const foundMax = 1000;
const exportPageRows = 10_000;

type Column = UsersQuery['columns'][number];

export function createUserLists({
  db,
  queries,
}: {
  readonly db: Db;
  readonly queries: Pick<QueryService, 'run'>;
}): UserLists {
  const list = async ({ project, users, signal }: UsersRequest): Promise<UsersResult> => {
    const { search = '' } = users;
    const found = search === '' ? [] : await usersWithIdentifier(db, project.id, search);
    return ask(queries, { project, signal }, { ...users, type: 'users', found });
  };
  return {
    list,

    export: async function* ({ users, ...request }) {
      const { columns = [] } = users;
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page: UsersResult = await list({
          ...request,
          users: { ...users, ...everybodyById, cursor },
        });
        const head = cursor === undefined ? csvLine(['$distinct_id', ...columns.map(titleOf)]) : '';
        const lines = page.users.map(({ user, values }) =>
          csvLine([user, ...columns.map((column, i) => cellOf(column, values[i]))]),
        );
        yield head + lines.join('');
        cursor = page.next;
      }
    },
  };
}

/** While a file is written users go on doing things: what moves nobody from one page to another are their ids. */
const everybodyById = {
  limit: exportPageRows,
  sort: { by: { type: 'user' }, order: 'ascending' },
} satisfies Partial<Extract<QueryInput, { type: 'users' }>>;

/** Canonical ids of those who have another identifier that contains the text, whatever its case. */
async function usersWithIdentifier(db: Db, project: number, text: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ canonical: string }[]>`
    SELECT DISTINCT canonical FROM identifiers
    WHERE project = ${project} AND identifier <> canonical
      AND position(lower(${text}) in lower(identifier)) > 0
    LIMIT ${foundMax}`;
  return rows.map(({ canonical }) => canonical);
}

const titleOf = (column: Column): string =>
  column.type === 'property' ? column.name : column.type;

/** Instants as ISO 8601 in UTC; what is no text or number as JSON. */
function cellOf({ type }: Column, value: unknown): string {
  if (value === null || value === undefined) return '';
  const isInstant = type === 'first_seen' || type === 'last_seen';
  if (isInstant && typeof value === 'number') return new Date(value).toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
