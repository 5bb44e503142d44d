/** Rows of one kind by (user, time), and what part of each user's a window holds. */
export interface WindowRows {
  /** Run r are the rows starts[r] … starts[r + 1] − 1. */
  readonly starts: Uint32Array;
  readonly times: Float64Array;
  /** By run: the rows first[r] … ends[r] − 1 lie in the window. */
  readonly first: Uint32Array;
  readonly ends: Uint32Array;
}

/**
 * Moves the window to [startMs, endMs) and lists the runs that hold other rows than before in `changed`; returns
 * how many. A window that only moves on passes each row twice, however often it is moved; `rewind`: it moves back.
 */
export function moveWindow(
  { starts, times, first, ends }: WindowRows,
  window: { readonly startMs: number; readonly endMs: number; readonly rewind: boolean },
  changed: Uint32Array,
): number {
  const { startMs, endMs, rewind } = window;
  let count = 0;
  for (let run = 0; run < first.length; run++) {
    const runEnd = starts[run + 1];
    let from = rewind ? starts[run] : first[run];
    let end = rewind ? starts[run] : ends[run];
    while (end < runEnd && times[end] < endMs) end++;
    while (from < end && times[from] < startMs) from++;
    if (from === first[run] && end === ends[run]) continue;
    first[run] = from;
    ends[run] = end;
    changed[count++] = run;
  }
  return count;
}
