import type { Follower } from './follower.ts';
import type { StepList } from './step-lists.ts';

/** What a user is to a funnel that reads day after day. */
export const userState = { idle: 0, running: 1, done: 2 } as const;

/**
 * Which users have step rows on a day, and which rows: runs of the same user in several lists are chained.
 * A user whose rows cannot matter is left out before any of them is read.
 */
export class UserDays {
  /** Users with rows today, as ordinal − first ordinal of the range, each once, in any order. */
  touched = new Uint32Array(0);
  touchedCount = 0;
  /** By user: the first link of its chain; 0 = none. */
  readonly #heads: Uint32Array;
  /** By link, from 1 on: list, run, and the next link of the chain (0 = it ends). */
  lists = new Uint16Array(0);
  runs = new Uint32Array(0);
  nexts = new Uint32Array(0);
  #linkCount = 0;

  constructor(userCount: number) {
    this.#heads = new Uint32Array(userCount);
  }

  /**
   * Chains the runs of the lists. Those that may hold entries come first: a user without an entry up to
   * the end of the day has no use for later steps.
   */
  begin(lists: readonly StepList[], base: number, { states, again }: Follower): void {
    let runCount = 0;
    for (const list of lists) runCount += list.endRun - list.firstRun;
    this.#reserve(runCount);
    this.#linkCount = 0;
    this.touchedCount = 0;
    for (let index = 0; index < lists.length; index++) {
      const list = lists[index];
      if (list.kind === 'later') this.#addLater(list, index, base, states);
      else this.#addEntries(list, index, { base, again: again || list.kind === 'mixed' }, states);
    }
  }

  /** First link of a user; the chain is forgotten with it. */
  takeFirst(user: number): number {
    const link = this.#heads[user];
    this.#heads[user] = 0;
    return link;
  }

  #addEntries(
    { users, firstRun, endRun }: StepList,
    list: number,
    { base, again }: { readonly base: number; readonly again: boolean },
    states: Uint8Array,
  ): void {
    for (let run = firstRun; run < endRun; run++) {
      const user = users[run] - base;
      const state = states[user];
      if (state === userState.idle || (again && state === userState.running)) {
        this.#link(user, list, run);
      }
    }
  }

  #addLater(
    { users, firstRun, endRun }: StepList,
    list: number,
    base: number,
    states: Uint8Array,
  ): void {
    const heads = this.#heads;
    for (let run = firstRun; run < endRun; run++) {
      const user = users[run] - base;
      if (states[user] === userState.running || heads[user] !== 0) this.#link(user, list, run);
    }
  }

  #link(user: number, list: number, run: number): void {
    const head = this.#heads[user];
    const link = ++this.#linkCount;
    this.lists[link] = list;
    this.runs[link] = run;
    this.nexts[link] = head;
    this.#heads[user] = link;
    if (head === 0) this.touched[this.touchedCount++] = user;
  }

  #reserve(runCount: number): void {
    if (this.runs.length > runCount) return;
    const size = runCount * 2 + 1;
    this.lists = new Uint16Array(size);
    this.runs = new Uint32Array(size);
    this.nexts = new Uint32Array(size);
    this.touched = new Uint32Array(size);
  }
}
