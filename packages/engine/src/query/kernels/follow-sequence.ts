/** What a sequence is followed over: the rows of any of its steps, by (user, time, arrival). */
export interface SequenceRows {
  /** Run r, of one user, are the rows starts[r] … starts[r + 1] − 1. */
  readonly starts: Uint32Array;
  readonly times: Float64Array;
  /** Bit s is set where the row is one of step s. */
  readonly steps: Uint32Array;
}

/** Completions by run, as `starts` of the rows says it; both lists ascend in a run. */
export interface Completions {
  readonly starts: Uint32Array;
  /** When the last step was done, and the latest entry from which it was done in time. */
  readonly times: Float64Array;
  readonly entries: Float64Array;
}

/**
 * Finds who did all steps one after the other, within `windowMs` (the end inside) from an entry before
 * `entryEndMs`. A row is one step alone. Any entry counts (`reports.md` 9.1), and of two that have come to the
 * same step the later one has more time left: it is enough to keep that one. Listed is the first completion from each
 * entry that is later than those before; no other says more.
 */
export function followSequence(
  { starts, times, steps }: SequenceRows,
  sequence: { readonly stepCount: number; readonly windowMs: number; readonly entryEndMs: number },
  found: Completions,
): void {
  const { stepCount, windowMs, entryEndMs } = sequence;
  // By step: the latest entry that has come so far.
  const latest = new Float64Array(stepCount);
  let count = 0;
  for (let run = 0; run + 1 < starts.length; run++) {
    latest.fill(-Infinity);
    found.starts[run] = count;
    let listed = -Infinity;
    for (let row = starts[run]; row < starts[run + 1]; row++) {
      const time = times[row];
      const done = steps[row];
      // From the last step on: what a row does is not there for the row's other steps.
      for (let step = stepCount - 1; step > 0; step--) {
        const entry = latest[step - 1];
        if (((done >>> step) & 1) === 1 && entry >= time - windowMs) latest[step] = entry;
      }
      if ((done & 1) === 1 && time < entryEndMs) latest[0] = time;
      const completed = latest[stepCount - 1];
      if (completed <= listed) continue;
      listed = completed;
      found.times[count] = time;
      found.entries[count] = completed;
      count++;
    }
  }
  found.starts[starts.length - 1] = count;
}
