import { Slices } from '../../base/slices.ts';
import {
  addEntries,
  bytesOfTotals,
  clearUser,
  copyTotals,
  noTotals,
  placeOf,
  type UserTotals,
} from '../users/user-totals.ts';
import type { UserRedirects } from '../scan/project-snapshot.ts';
import { type ActivityList, type ActivityRequest, bringActivity } from './bring-activity.ts';
import type { RunContext } from './query-run.ts';
import { activityOfDays } from './snapshot-days.ts';

type ActiveDay = ReturnType<typeof activityOfDays>[number];

/** The sum of days that lie in files, which are not looked at again while they stay as they are. */
interface Base {
  totals: UserTotals;
  /** Keys of the parts by day. */
  readonly days: Map<number, string>;
  version: number;
  redirects: UserRedirects;
}

/** Entries of a day that are added between two looks at the clock: a millisecond or less. */
const entriesAStep = 65_536;
/** So many times a day that had changed must be found unchanged before it is taken for settled again. */
const calmAfter = 8;
/** To look for one user in one day takes as long as to add some dozen entries. */
const recountsMax = 200_000;

/**
 * What all users of a project in one shard did in all history, kept from query to query: only days that changed are added
 * anew. Days that get events (the newest ones, and those that were seen to change) are added to a copy of the sum of the
 * others each time; who was merged or divided since is counted again by himself.
 */
export class KeptTotals {
  #base: Base | null = null;
  #hidden = '';
  #latest: { readonly key: string; readonly totals: UserTotals } | null = null;
  /** Days that were seen to change, and how often they were the same since. */
  readonly #restless = new Map<number, { readonly key: string; readonly calm: number }>();
  /** Queries refresh one after the other: each finds what the one before it made. */
  #turn: Promise<unknown> = Promise.resolve();

  get bytes(): number {
    const all = [this.#base?.totals, this.#latest?.totals];
    return all.reduce((sum, totals) => sum + (totals ? bytesOfTotals(totals) : 0), 0);
  }

  /** Arrays that do not change any more, for all ordinals of the snapshot. */
  of(
    context: RunContext,
    request: ActivityRequest,
    hidden: readonly string[],
  ): Promise<UserTotals> {
    const mine = this.#turn.then(
      () => this.#refreshed(context, request, hidden),
      () => this.#refreshed(context, request, hidden),
    );
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #refreshed(
    context: RunContext,
    request: ActivityRequest,
    hidden: readonly string[],
  ): Promise<UserTotals> {
    const { snapshot, signal } = request;
    signal.throwIfAborted();
    const days = activityOfDays(snapshot, { times: true, counts: true, hidden });
    const version = context.groups.versionOf(snapshot.redirects);
    const { count } = snapshot.users;
    const hiddenKey = JSON.stringify(hidden);
    const key = JSON.stringify([hiddenKey, version, count, days.map(keyOf)]);
    if (this.#latest?.key === key) return this.#latest.totals;
    try {
      const base = await this.#newBase(context, request, { days, version, hidden: hiddenKey });
      const totals = copyTotals(base.totals, count);
      await addDays(
        context,
        request,
        days.filter(({ day }) => !base.days.has(day)),
        totals,
      );
      this.#latest = { key, totals };
      return totals;
    } catch (error) {
      // Some of a day may have been added.
      this.#base = null;
      throw error;
    }
  }

  async #newBase(
    context: RunContext,
    request: ActivityRequest,
    {
      days,
      version,
      hidden,
    }: { readonly days: readonly ActiveDay[]; readonly version: number; readonly hidden: string },
  ): Promise<Base> {
    const { redirects, users } = request.snapshot;
    this.#watch(days);
    if (this.#hidden !== hidden) this.#base = null;
    this.#hidden = hidden;
    const dirty = this.#base && mergedSince(this.#base, context, { version, redirects });
    if (dirty === null) this.#base = null;
    const base: Base = (this.#base ??= {
      totals: noTotals(users.count),
      days: new Map(),
      version,
      redirects,
    });
    if (base.totals.counts.length <= users.count) {
      base.totals = copyTotals(base.totals, users.count);
    }
    if (dirty !== null && dirty.size > 0) {
      const own = days.filter(({ day }) => base.days.has(day));
      await recount(context, request, own, { users: dirty, totals: base.totals });
    }
    base.version = version;
    base.redirects = redirects;
    const settled = days.filter((day) => !base.days.has(day.day) && this.#isSettled(day, days));
    await addDays(context, request, settled, base.totals);
    for (const day of settled) base.days.set(day.day, keyOf(day));
    return base;
  }

  /** Finds out which days changed; if one of the base did, there is none any more. */
  #watch(days: readonly ActiveDay[]): void {
    const keys = new Map(days.map((day) => [day.day, keyOf(day)]));
    for (const [day, { key, calm }] of this.#restless) {
      const now = keys.get(day) ?? '';
      if (now !== key) this.#restless.set(day, { key: now, calm: 0 });
      else if (calm + 1 < calmAfter) this.#restless.set(day, { key, calm: calm + 1 });
      else this.#restless.delete(day);
    }
    for (const [day, key] of this.#base?.days ?? []) {
      const now = keys.get(day) ?? '';
      if (now === key) continue;
      this.#restless.set(day, { key: now, calm: 0 });
      this.#base = null;
    }
  }

  /** Of the newest days, and of those that have rows in memory, more is to come. */
  #isSettled({ day, parts }: ActiveDay, days: readonly ActiveDay[]): boolean {
    const newest = days.at(-1)?.day ?? day;
    return (
      day < newest - 1 &&
      !this.#restless.has(day) &&
      parts.every(({ part }) => part.type === 'segment')
    );
  }
}

function keyOf({ day, activity }: ActiveDay): string {
  return `${day} ${activity.key}`;
}

async function addDays(
  context: RunContext,
  request: ActivityRequest,
  days: readonly ActiveDay[],
  totals: UserTotals,
): Promise<void> {
  const slices = new Slices(() => performance.now());
  await bringActivity(context, request, days, async ({ startMs }, list) => {
    const day = { startMs, ...listsOf(list) };
    for (let first = 0; first < day.users.length; first += entriesAStep) {
      addEntries(totals, day, first, Math.min(first + entriesAStep, day.users.length));
      await slices.pause();
    }
  });
}

/** Counts some users again, who have been somebody else's or themselves since the days were added. */
async function recount(
  context: RunContext,
  request: ActivityRequest,
  days: readonly ActiveDay[],
  { users, totals }: { readonly users: ReadonlySet<number>; readonly totals: UserTotals },
): Promise<void> {
  const slices = new Slices(() => performance.now());
  for (const user of users) clearUser(totals, user);
  await bringActivity(context, request, days, async ({ startMs }, list) => {
    const day = { startMs, ...listsOf(list) };
    for (const user of users) {
      const place = placeOf(day.users, user);
      if (place >= 0) addEntries(totals, day, place, place + 1);
    }
    await slices.pause();
  });
}

function listsOf(list: ActivityList) {
  return {
    users: list('active users'),
    firsts: list('active firsts'),
    lasts: list('active lasts'),
    counts: list('active counts'),
  };
}

/** Users whose rows in the days of the base are others' by now, or the other way round; null = too many, or nobody knows. */
function mergedSince(
  base: Base,
  context: RunContext,
  { version, redirects }: Pick<Base, 'version' | 'redirects'>,
): ReadonlySet<number> | null {
  const changes = context.groups.changedBetween(base.version, version);
  if (changes === null) return null;
  const dirty = new Set<number>();
  for (const changed of changes) {
    for (const user of changed) {
      const before = winnerOf(user, base.redirects);
      // Whoever had no rows of his own, and was nobody else, moved nothing.
      if (before === user && !base.totals.counts[user]) continue;
      dirty.add(user).add(before).add(winnerOf(user, redirects));
    }
  }
  return dirty.size * base.days.size > recountsMax ? null : dirty;
}

function winnerOf(user: number, { losers, winners }: UserRedirects): number {
  const place = placeOf(losers, user);
  return place < 0 ? user : winners[place];
}
