import { lastAtMost } from './assign-buckets.ts';
import type { AttemptTable } from './attempt-table.ts';
import { deadlineOf } from './follow-in-order.ts';
import type { AttemptLimits, Follower } from './follow-in-order.ts';
import type { ExclusionJudge } from './judge-exclusions.ts';
import type { Obstacles } from './obstacles.ts';
import type { StreamIndex } from './stream-index.ts';

/** Which events of the first step begin attempts that are followed. */
export interface Walk {
  /**
   * `first`: the first one of each stream (of each session, where attempts are of one). `sequence`: also the
   * first one after each attempt (5.2, totals). `every`: all of them, each as if it were the only one.
   */
  readonly entries: 'first' | 'sequence' | 'every';
  /** An attempt gives way to a newer entry before its second step (5.4). */
  readonly supersede: boolean;
  /** What one attempt has done, no later one of the stream has. */
  readonly useOnce: boolean;
  /** Attempts are of one session each. */
  readonly perSession: boolean;
  /**
   * Of attempts that have the same user and period the first with the most steps counts: those of the first step alone
   * are left out where the stream has another one before.
   */
  readonly onlyMost: boolean;
  /** Entries of period p lie in [edges[p], edges[p + 1]); each period is a funnel of its own. */
  readonly edges: Float64Array;
}

export interface WalkTools {
  readonly index: StreamIndex;
  readonly follower: Follower;
  readonly judge: ExclusionJudge;
  /** Opened for each user. */
  readonly between: Obstacles | null;
  readonly limits: AttemptLimits;
}

/** Finds the attempts of all streams, in order of streams and entries. */
export function findAttempts(tools: WalkTools, walk: Walk, table: AttemptTable): void {
  const { users, lanes, count } = tools.index.rows;
  const walker = new StreamWalker(tools, walk, table);
  for (let start = 0, end = 0; start < count; start = end) {
    while (end < count && users[end] === users[start] && lanes[end] === lanes[start]) end++;
    if (users[start] !== 0) walker.walk(start, end);
  }
}

class StreamWalker {
  readonly #tools: WalkTools;
  readonly #walk: Walk;
  readonly #table: AttemptTable;
  /** The first row after the attempt that was followed last. */
  #after = 0;
  /** The period of the last attempt of the stream that can count; −1 = there is none. */
  #countedPeriod = -1;

  constructor(tools: WalkTools, walk: Walk, table: AttemptTable) {
    this.#tools = tools;
    this.#walk = walk;
    this.#table = table;
  }

  walk(start: number, end: number): void {
    const { index, follower, judge, between } = this.#tools;
    const { edges, entries } = this.#walk;
    const { times, users } = index.rows;
    index.open(start, end);
    judge.open(users[start]);
    between?.open(users[start]);
    this.#countedPeriod = -1;
    // The first row that is not before the first period.
    let entry = follower.nextEntry(firstAt(index, edges[0]));
    while (entry < end && times[entry] < edges[edges.length - 1]) {
      const period = lastAtMost(edges, times[entry]);
      const periodEnd = firstAt(index, edges[period + 1]);
      this.#follow(entry, period, periodEnd);
      const next = entries === 'every' ? entry + 1 : Math.min(this.#after, periodEnd);
      entry = follower.nextEntry(next);
      if (entry < periodEnd) continue;
      // A funnel of its own begins: there nothing is used yet.
      index.forgetUsed();
      entry = follower.nextEntry(periodEnd);
    }
  }

  #follow(entry: number, period: number, periodEnd: number): void {
    const { index, follower, judge, limits } = this.#tools;
    const { viewRows } = index.rows;
    const { timeMs, lastSession } = deadlineOf(index, entry, limits);
    follower.follow(entry);
    let { reached } = follower;
    let viewRowEnd = follower.brokenAt < 0 ? 0xffff_ffff : follower.brokenAt + 1;
    const newer = this.#supersededBy(entry, periodEnd);
    if (newer >= 0) {
      reached = 1;
      viewRowEnd = viewRows[newer];
    }
    if (this.#walk.onlyMost && reached === 1 && this.#countedPeriod === period) return;
    judge.judge(follower.rows, reached, { timeMs, lastSession, viewRowEnd });
    if (!judge.isSpoilt) this.#countedPeriod = period;
    this.#add(entry, period, newer >= 0);
    if (this.#walk.useOnce) follower.useRows(judge.kept);
    if (this.#walk.entries !== 'every') this.#after = this.#rowAfter(entry);
  }

  /** The newer entry that lies before the second step; −1 = none does. */
  #supersededBy(entry: number, periodEnd: number): number {
    const { follower } = this.#tools;
    if (!this.#walk.supersede || follower.reached < 2) return -1;
    const second = follower.rows[1];
    const newer = follower.nextEntry(entry + 1);
    return newer < second && newer < periodEnd ? newer : -1;
  }

  #add(entry: number, period: number, isSuperseded: boolean): void {
    const { index, follower, judge } = this.#tools;
    const { users, slots, viewRows } = index.rows;
    const table = this.#table;
    const attempt = table.add();
    table.users[attempt] = users[entry];
    table.slots[attempt] = slots.length === 0 ? 0 : slots[entry];
    table.periods[attempt] = period;
    const base = attempt * table.stepCount;
    for (let step = 0; step < judge.kept; step++) {
      table.stepRows[base + step] = viewRows[follower.rows[step]];
    }
    table.spoilt[attempt] = Number(judge.isSpoilt) + Number(judge.isSpoiltAfter);
    table.ended[attempt] = Number(isSuperseded || judge.endedAt >= 0 || follower.brokenAt >= 0);
  }

  /** Where the next attempt may begin: after the session, the exclusion, the conversion or the window. */
  #rowAfter(entry: number): number {
    const { index, follower, judge } = this.#tools;
    const { sessions } = index.rows;
    if (this.#walk.entries === 'first') {
      return this.#walk.perSession ? firstSessionPast(index, sessions[entry], entry) : index.end;
    }
    if (judge.endedAt >= 0) return index.atViewRow(judge.endedAt + 1);
    if (follower.brokenAt >= 0) return index.atViewRow(follower.brokenAt);
    if (follower.reached === this.#table.stepCount) {
      let last = entry;
      for (const row of follower.rows) if (row > last) last = row;
      return last + 1;
    }
    const { timeMs, lastSession } = deadlineOf(index, entry, this.#tools.limits);
    return lastSession > 0
      ? firstSessionPast(index, lastSession, entry)
      : index.pastTime(timeMs, entry);
  }
}

/** The first row of the open stream at an instant or after it. */
function firstAt(index: StreamIndex, timeMs: number): number {
  const { times } = index.rows;
  let low = index.start;
  let high = index.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first row from `row` on that lies in a later session than that one: sessions of a user follow each other. */
function firstSessionPast(index: StreamIndex, session: number, row: number): number {
  const { sessions } = index.rows;
  let low = row;
  let high = index.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sessions[middle] <= session) low = middle + 1;
    else high = middle;
  }
  return low;
}
