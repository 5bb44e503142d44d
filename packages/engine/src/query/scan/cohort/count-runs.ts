/** Runs first … end − 1 of one event; counts of user u are at index u − `base`. */
export interface RunSlice {
  readonly users: Uint32Array;
  readonly starts: Uint32Array;
  readonly first: number;
  readonly end: number;
}

/** Adds the rows of each run to its user. */
export function countRuns(
  { users, starts, first, end }: RunSlice,
  base: number,
  counts: Uint32Array,
): void {
  let start = starts[first];
  for (let run = first; run < end; run++) {
    const next = starts[run + 1];
    counts[users[run] - base] += next - start;
    start = next;
  }
}

/** The same for users with passing[user] = 1 alone. */
export function countRunsOf(
  { users, starts, first, end }: RunSlice,
  base: number,
  passing: Uint8Array,
  counts: Uint32Array,
): void {
  for (let run = first; run < end; run++) {
    const user = users[run];
    if (passing[user] === 1) counts[user - base] += starts[run + 1] - starts[run];
  }
}

/** The same for rows with mask[row − starts[first]] = 1; `passing` null = every user. */
export function countMaskedRuns(
  { users, starts, first, end }: RunSlice,
  base: number,
  { passing, mask }: { readonly passing: Uint8Array | null; readonly mask: Uint8Array },
  counts: Uint32Array,
): void {
  const origin = starts[first];
  for (let run = first; run < end; run++) {
    const user = users[run];
    if (passing !== null && passing[user] === 0) continue;
    let count = 0;
    for (let row = starts[run] - origin; row < starts[run + 1] - origin; row++) count += mask[row];
    counts[user - base] += count;
  }
}
