import type { Completions } from './follow-sequence.ts';

/**
 * Writes 1 for users with a completion before `untilMs` from an entry at `startMs` or later, 0 for others of the
 * runs. `ends`: by run, the completions that were before the last moment asked about; `rewind`: this one lies
 * before it. Entries ascend, so the last completion says it.
 */
export function markCompletions(
  { starts, times, entries }: Completions,
  moment: { readonly startMs: number; readonly untilMs: number; readonly rewind: boolean },
  { users, ends }: { readonly users: Uint32Array; readonly ends: Uint32Array },
  mask: Uint8Array,
): void {
  const { startMs, untilMs, rewind } = moment;
  for (let run = 0; run < users.length; run++) {
    let end = rewind ? starts[run] : ends[run];
    while (end < starts[run + 1] && times[end] < untilMs) end++;
    ends[run] = end;
    mask[users[run]] = end > starts[run] && entries[end - 1] >= startMs ? 1 : 0;
  }
}
