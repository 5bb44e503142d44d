import type { FunnelAttempts, FunnelInput, FunnelRules } from './follow-funnel.ts';

/**
 * Follows every entry of every user as if it were the only one, with the rules of `followFunnel`, and
 * keeps one attempt a user: the first to reach the highest step that any of them reaches, of several that
 * reach it at one instant the one with the latest entry. Returns how many attempts there are, by user.
 *
 * `nextRows[k][i]` is the first row from i on, of the same user, that fits step k: without it a user with
 * many entries would cost the square of them.
 */
export function followAnyEntry(
  input: FunnelInput,
  rules: FunnelRules,
  attempts: FunnelAttempts,
): number {
  const { times, users, steps } = input;
  const nextRows = steps.map((fits) => nextFits(fits, users));
  const follower = new EntryFollower(input, rules, nextRows);
  let count = 0;
  for (let start = 0, end = 0; start < users.length; start = end) {
    while (end < users.length && users[end] === users[start]) end++;
    if (users[start] === 0) continue;
    let reached = 0;
    let reachedAt = Infinity;
    for (let entry = nextRows[0][start]; entry < end; entry = nextRows[0][entry + 1]) {
      if (times[entry] >= rules.endMs) break;
      if (times[entry] < rules.startMs) continue;
      const own = follower.follow(entry, start, end);
      const at = times[follower.rows[own - 1]];
      if (own < reached || (own === reached && at > reachedAt)) continue;
      reached = own;
      reachedAt = at;
      attempts.stepRows.set(follower.rows, count * steps.length);
    }
    if (reached > 0) attempts.users[count++] = users[start];
  }
  return count;
}

/** `next[i]` = the first row ≥ i of the same user that fits; past the end of the user where none does. */
function nextFits(fits: Uint8Array, users: Uint32Array): Uint32Array {
  const next = new Uint32Array(fits.length + 1).fill(fits.length);
  for (let row = fits.length - 1, end = fits.length; row >= 0; row--) {
    if (row + 1 < users.length && users[row + 1] !== users[row]) end = row + 1;
    if (fits[row] === 1) next[row] = row;
    else next[row] = row + 1 < end ? next[row + 1] : end;
  }
  return next;
}

class EntryFollower {
  /** Rows of the steps of the attempt followed last; −1 where it did not get to. */
  readonly rows: Int32Array;
  readonly #input: FunnelInput;
  readonly #rules: FunnelRules;
  readonly #nextRows: readonly Uint32Array[];

  constructor(input: FunnelInput, rules: FunnelRules, nextRows: readonly Uint32Array[]) {
    this.#input = input;
    this.#rules = rules;
    this.#nextRows = nextRows;
    this.rows = new Int32Array(input.steps.length);
  }

  /** How many steps the attempt from this entry reaches. Rows of the user: start … end − 1. */
  follow(entry: number, start: number, end: number): number {
    const { times } = this.#input;
    const deadline = times[entry] + this.#rules.windowMs;
    const { rows } = this;
    rows.fill(-1);
    rows[0] = entry;
    for (let step = 1; step < rows.length; step++) {
      const next = this.#nextRows[step];
      let row = next[this.#earliest(rows[step - 1], start)];
      while (row < end && rows.lastIndexOf(row, step - 1) >= 0) row = next[row + 1];
      if (row >= end || times[row] > deadline) return step;
      rows[step] = row;
    }
    return rows.length;
  }

  /** The first row that the step after `previous` may be: within the grace, before it. */
  #earliest(previous: number, start: number): number {
    const { times } = this.#input;
    const fromMs = times[previous] - this.#rules.graceMs;
    let row = previous;
    while (row > start && times[row - 1] >= fromMs) row--;
    return row;
  }
}
