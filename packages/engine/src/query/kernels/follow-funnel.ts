/** The rows a funnel looks at, ordered by (user, time, arrival); steps[k][i] is 1 where row i fits step k. */
export interface FunnelInput {
  readonly times: Float64Array;
  readonly users: Uint32Array;
  readonly steps: readonly Uint8Array[];
}

export interface FunnelRules {
  /** Entries lie in [startMs, endMs); later steps may lie after it. */
  readonly startMs: number;
  readonly endMs: number;
  readonly windowMs: number;
  readonly graceMs: number;
  /** After an attempt is over, the next entry starts another one (5.9); else one attempt a user. */
  readonly repeat: boolean;
}

export interface FunnelAttempts {
  readonly users: Uint32Array;
  /** Row of each step, by attempt; −1 where the step was not reached. */
  readonly stepRows: Int32Array;
}

/**
 * Follows the attempts of every user (5.2) and returns how many there are, in order of users and entries.
 *
 * Step k + 1 is the first row in (time, arrival) order that fits it, is not the row of another step, and
 * has t[k] − grace ≤ t ≤ t[0] + window. With grace 0 events of one instant may come in any order.
 */
export function followFunnel(
  input: FunnelInput,
  rules: FunnelRules,
  attempts: FunnelAttempts,
): number {
  const { times, users } = input;
  const used = new Uint8Array(users.length);
  let count = 0;
  for (let start = 0, end = 0; start < users.length; start = end) {
    while (end < users.length && users[end] === users[start]) end++;
    if (users[start] === 0) continue;
    let entry = nextEntry(input, rules, start, end);
    while (entry < end) {
      const at = { entry, start, end, attempt: count, used };
      const last = followAttempt(input, rules, at, attempts);
      attempts.users[count++] = users[start];
      if (!rules.repeat) break;
      // Over by conversion at row `last`, or at the end of the window.
      let from = last + 1;
      if (last < 0) {
        from = entry + 1;
        while (from < end && times[from] <= times[entry] + rules.windowMs) from++;
      }
      entry = nextEntry(input, rules, from, end);
    }
  }
  return count;
}

function nextEntry(
  { times, steps }: FunnelInput,
  { startMs, endMs }: FunnelRules,
  from: number,
  end: number,
): number {
  const first = steps[0];
  for (let row = from; row < end; row++) {
    if (first[row] === 1 && times[row] >= startMs && times[row] < endMs) return row;
  }
  return end;
}

/** Returns the last row of a complete attempt (of all its rows, whichever step it is); −1 if incomplete. */
function followAttempt(
  { times, steps }: FunnelInput,
  { windowMs, graceMs }: FunnelRules,
  at: {
    readonly entry: number;
    readonly start: number;
    readonly end: number;
    readonly attempt: number;
    /** 1 where the row is a step already, also of an attempt before: one row fulfils one step. */
    readonly used: Uint8Array;
  },
  { stepRows }: FunnelAttempts,
): number {
  const base = at.attempt * steps.length;
  const deadline = times[at.entry] + windowMs;
  stepRows.fill(-1, base, base + steps.length);
  stepRows[base] = at.entry;
  at.used[at.entry] = 1;
  let previous = at.entry;
  let last = at.entry;
  for (let step = 1; step < steps.length; step++) {
    const fits = steps[step];
    let row = previous;
    while (row > at.start && times[row - 1] >= times[previous] - graceMs) row--;
    while (row < at.end && times[row] <= deadline) {
      if (fits[row] === 1 && at.used[row] === 0) break;
      row++;
    }
    if (row >= at.end || times[row] > deadline) return -1;
    stepRows[base + step] = row;
    at.used[row] = 1;
    previous = row;
    if (row > last) last = row;
  }
  return last;
}
