import type { QueryInput, UsersRequestInput } from '@arbor/schema/query';
import type { UsersResult } from '@arbor/schema/users-result';
import { median } from '../measure/median.ts';

/** Who is asked about users: the engine as a library, or a stack over HTTP. */
export interface AskedUsers {
  /** Processor time that it has taken so far, ms. */
  cpuMs(): number;
  list(users: UsersRequestInput): Promise<UsersResult>;
  /** A page of somebody's events, newest first. */
  feed(user: string, cursor: string | undefined): Promise<FeedPage>;
  report(query: QueryInput): Promise<void>;
  /** Stores one event of the user of this moment, and resolves when queries see it. */
  send(user: string): Promise<void>;
}

export interface FeedPage {
  readonly events: number;
  readonly next: string | null;
}

/** A line of the table; ms. */
export interface UsersFigure {
  readonly what: string;
  readonly times: number;
  readonly medianMs: number;
  readonly maxMs: number;
  /** Median of the processor time. */
  readonly cpuMs: number;
}

type Run = () => Promise<unknown>;

const repeats = 5;
const feedUsersEach = 20;

/** As the dashboard opens it. */
const openedList: UsersRequestInput = {
  columns: [
    { type: 'property', name: '$email' },
    { type: 'last_seen' },
    { type: 'first_seen' },
    { type: 'event_count' },
    { type: 'user' },
  ],
  sort: { by: { type: 'last_seen' }, order: 'descending' },
};

/** How many did anything, of those who came first within a span. */
const newUsers: QueryInput = {
  type: 'insights',
  range: { from: '1970-01-01', to: '2100-01-01' },
  unit: 'year',
  metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'unique' } }],
  filters: [
    {
      type: 'property',
      property: { scope: 'person', name: '$mp_first_event_time' },
      operator: 'was_since',
      values: ['2026-02-01'],
    },
  ],
};

/** What the page of a user asks. */
const eventsByName = (user: string): QueryInput => ({
  type: 'insights',
  range: { from: '1970-01-01', to: '2100-01-01' },
  unit: 'year',
  metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
  breakdowns: [{ property: { scope: 'event', name: '$event_name' } }],
  segmentsMax: 50_000,
  filters: [
    {
      type: 'property',
      property: { scope: 'person', name: '$distinct_id' },
      operator: 'equals',
      values: [user],
    },
  ],
});

/** The times of the list of users and of feeds, of a process that was just started and of one that is warm. */
export async function measureUsers(asked: AskedUsers): Promise<UsersFigure[]> {
  const figures: UsersFigure[] = [];
  const take = async (what: string, runs: readonly Run[], before?: Run): Promise<void> => {
    figures.push(await timed(asked, { what, runs, before }));
  };
  const again = (run: Run): Run[] => Array.from({ length: repeats }, () => run);
  const list = (): Promise<UsersResult> => asked.list(openedList);
  const sorted = (by: 'user' | 'display_name') => (): Promise<UsersResult> =>
    asked.list({ ...openedList, sort: { by: { type: by }, order: 'ascending' } });
  await take('users list, first', [list]);
  await take('users list', again(list));
  await take('users list by name, first', [sorted('display_name')]);
  await take('users list by name', again(sorted('display_name')));
  await take(
    'users list, search',
    again(() => asked.list({ ...openedList, search: '77' })),
  );

  const users = await someUsers(asked);
  const cursors = new Map<string, string>();
  const firstPage = async (user: string): Promise<void> => {
    const { next } = await asked.feed(user, undefined);
    if (next !== null) cursors.set(user, next);
  };
  await take('feed, first of all', [() => firstPage(users[0] ?? '')]);
  await take(
    'feed, first page of each',
    users.slice(1).map((user) => () => firstPage(user)),
  );
  await take(
    'feed, same again',
    users.map((user) => () => firstPage(user)),
  );
  await take(
    'feed, next page',
    Array.from(
      cursors,
      ([user, cursor]) =>
        () =>
          asked.feed(user, cursor),
    ),
  );

  const byEvent = users.map((user) => () => asked.report(eventsByName(user)));
  await take('events of a user by name', byEvent);
  await take('events of a user by name, same again', byEvent);
  await take('first seen, first', [() => asked.report(newUsers)]);
  await take(
    'first seen',
    again(() => asked.report(newUsers)),
  );

  // What came since the last answer is not in what was kept of it.
  const arrive = (): Promise<void> => asked.send(users[0] ?? '');
  await take('users list, after an event', again(list), arrive);
  await take(
    'feed, after an event',
    users.slice(0, repeats).map((user) => () => firstPage(user)),
    arrive,
  );
  await take(
    'first seen, after an event',
    again(() => asked.report(newUsers)),
    arrive,
  );
  return figures;
}

/** `before` each run something is done that is not measured. */
async function timed(
  asked: AskedUsers,
  {
    what,
    runs,
    before,
  }: { readonly what: string; readonly runs: readonly Run[]; readonly before: Run | undefined },
): Promise<UsersFigure> {
  const ms: number[] = [];
  const cpuMs: number[] = [];
  for (const run of runs) {
    await before?.();
    const cpu = asked.cpuMs();
    const started = performance.now();
    await run();
    ms.push(performance.now() - started);
    cpuMs.push(asked.cpuMs() - cpu);
  }
  const maxMs = Math.max(...ms);
  return { what, times: runs.length, medianMs: median(ms), maxMs, cpuMs: median(cpuMs) };
}

/** The busiest user first, then some of the busiest, and some who were not seen for long. */
async function someUsers(asked: AskedUsers): Promise<string[]> {
  const [busy, silent] = await Promise.all([
    firstUsers(asked, { by: { type: 'event_count' }, order: 'descending' }),
    firstUsers(asked, { by: { type: 'last_seen' }, order: 'ascending' }),
  ]);
  return [...everyNth(busy), ...everyNth(silent)];
}

async function firstUsers(
  asked: AskedUsers,
  sort: UsersRequestInput['sort'],
): Promise<readonly string[]> {
  const { users } = await asked.list({ limit: 10_000, sort });
  return users.map(({ user }) => user);
}

function everyNth(users: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(users.length / feedUsersEach));
  return users.filter((_, i) => i % step === 0).slice(0, feedUsersEach);
}
