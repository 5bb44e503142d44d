import type { QueryInput, UserConditionInput } from '@arbor/schema/query';
import { askQuery } from '../ask.ts';
import type { Asked } from '../endpoint.ts';
import type { Parameters } from '../parameters.ts';
import type { DataDeps } from './data-deps.ts';
import type { Selection } from './engage-selection.ts';

/** What Mixpanel's pages hold (`query-api.md` 8.2). */
export const pageSize = 1000;
/** Where pages begin is looked for in steps of so many, the most that one query lists. */
const stepPages = 10;
const stepUsers = stepPages * pageSize;

/** Users in a fixed order, which are taken a page at a time. */
export interface Listing {
  /** Equal for equal lists. */
  readonly name: string;
  /** The page that begins at the cursor ('' = the first one); no cursor = none of them, but how many there are. */
  page(cursor?: string): Promise<{ readonly users: readonly string[]; readonly total: number }>;
  /** Where the next pages begin after that of the cursor. */
  walk(cursor: string): Promise<{ readonly cursors: readonly string[]; readonly isEnd: boolean }>;
}

type Sort = NonNullable<Extract<QueryInput, { type: 'users' }>['sort']>;

/** In the order of their ids, or as `sort_key` says. */
export function listingOf(selection: Selection, asked: Asked, deps: DataDeps): Listing {
  const sort = readSort(asked.parameters);
  return sort === null
    ? listingById(selection, asked, deps)
    : sortedListing({ selection, sort }, asked, deps);
}

/** A property of the profile by its name or as an expression, or the id. Null = none is asked for. */
function readSort(parameters: Parameters): Sort | null {
  const order = parameters.choice('sort_order', ['ascending', 'descending']) ?? 'ascending';
  const key = parameters.text('sort_key');
  if (key === undefined) return null;
  const selector = /^(?:properties|user)\[(["'])(.+)\1\]$/.exec(key.trim());
  const name = (selector?.[2] ?? key).replaceAll(/\\(["'\\])/g, '$1');
  if (name.length > 255)
    parameters.refuse('sort_key', `names of properties have up to 255 letters`);
  if (name === '$distinct_id') return { by: { type: 'user' }, order };
  return { by: { type: 'property', name }, order };
}

/** Users behind a number: profiles that pass, or members of a cohort, with a profile or without. */
function listingById(selection: Selection, asked: Asked, { queries }: DataDeps): Listing {
  const list = listOf(selection);
  const of = { ...asked, groups: selection.groupKey !== null };
  const ask = (more: Partial<ListOf>) => askQuery(queries, of, { ...list, ...more });
  const from = (cursor: string) => (cursor === '' ? {} : { cursor });
  return {
    name: JSON.stringify(list),
    async page(cursor) {
      if (cursor === undefined) return { users: [], total: (await ask({ limit: 1 })).total };
      return ask({ limit: pageSize, ...from(cursor) });
    },
    async walk(cursor) {
      const { users } = await ask({ limit: stepUsers, counted: false, ...from(cursor) });
      const cursors = pageEnds(users).map((user) => cursorOf({ type: 'user', user }));
      return { cursors, isEnd: users.length < stepUsers };
    },
  };
}

type ListOf = Extract<QueryInput, { type: 'list' }>;

function listOf({ profiles, members }: Selection): ListOf {
  if (members !== null) {
    const filters: UserConditionInput[] = [...members];
    return { type: 'list', of: { type: 'cohort', filters }, point: { type: 'cohort' } };
  }
  return {
    type: 'list',
    of: {
      type: 'insights',
      // Profiles have no history: any day will do.
      range: { from: '2000-01-01', to: '2000-01-01' },
      metrics: [{ type: 'people', filters: [...profiles], measure: { type: 'total' } }],
    },
    point: { type: 'insights', metric: 0 },
  };
}

function sortedListing(
  { selection, sort }: { readonly selection: Selection; readonly sort: Sort },
  asked: Asked,
  { queries }: DataDeps,
): Listing {
  const { conditions, members, groupKey } = selection;
  const of = { ...asked, groups: groupKey !== null };
  const query: Extract<QueryInput, { type: 'users' }> = {
    type: 'users',
    who: members === null ? 'profiles' : 'all',
    filters: [...conditions],
    columns: [sort.by],
    sort,
  };
  const ask = (limit: number, cursor: string) =>
    askQuery(queries, of, { ...query, limit, ...(cursor !== '' && { cursor }) });
  return {
    name: JSON.stringify(query),
    async page(cursor) {
      const { users, total } = await ask(cursor === undefined ? 1 : pageSize, cursor ?? '');
      return { users: cursor === undefined ? [] : users.map(({ user }) => user), total };
    },
    async walk(cursor) {
      const { users } = await ask(stepUsers, cursor);
      const cursors = pageEnds(users).map(({ user, values: [value = null] }) =>
        cursorOf({ value, user }),
      );
      return { cursors, isEnd: users.length < stepUsers };
    },
  };
}

/** The last of each whole page. */
function pageEnds<User>(users: readonly User[]): User[] {
  return users.filter((_, i) => (i + 1) % pageSize === 0);
}

/** As `next` of a list says it (`listPositionSchema`, `usersPositionSchema`). */
const cursorOf = (position: object): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');
