import { followSequence } from '../kernels/follow-sequence.ts';
import type { Completions } from '../kernels/follow-sequence.ts';
import { markCompletions } from '../kernels/mark-completions.ts';
import { gather, gatherTimes, widen } from '../kernels/mask.ts';
import { selectRuns } from '../kernels/select-runs.ts';
import type { SelectedRuns } from '../kernels/select-runs.ts';
import type { SequencePlan } from '../plan/plan-types.ts';
import { selectorMask } from './filter-mask.ts';
import type { RowContext } from './row-context.ts';

/** What of a sequence does not move with the moment that it is asked about. */
export interface SequenceSteps extends Pick<SequencePlan, 'steps' | 'windowMs'> {
  /** Entries lie before it. */
  readonly entryEndMs: number;
}

/** A span that ends now leaves its end to the moment that is asked about: nothing later has happened. */
export function stepsOf({ steps, windowMs, endMs, untilMs }: SequencePlan): SequenceSteps {
  return { steps, windowMs, entryEndMs: endMs >= untilMs ? Number.MAX_VALUE : endMs };
}

/** Who did some things one after the other (9.1), as of one moment after the other. Followed once. */
export class SequenceSeries {
  readonly #runs: SelectedRuns;
  readonly #times: Float64Array;
  readonly #completions: Completions;
  readonly #ends: Uint32Array;
  /** By user ordinal, as of the moment asked about last. */
  readonly #mask: Uint8Array;
  #lastMs = -Infinity;

  constructor({ steps, windowMs, entryEndMs }: SequenceSteps, { view, frame }: RowContext) {
    const masks = steps.map((step) => selectorMask(step, [], view, frame));
    const any = new Uint8Array(view.rowCount);
    const stepsByRow = new Uint32Array(view.rowCount);
    for (const [step, mask] of masks.entries()) {
      widen(any, mask);
      for (let row = 0; row < mask.length; row++) stepsByRow[row] |= mask[row] << step;
    }
    const runs = selectRuns(any, view.users);
    const rowCount = runs.rows.length;
    const times = new Float64Array(rowCount);
    const own = new Uint32Array(rowCount);
    gatherTimes(view.times, runs.rows, times);
    gather(stepsByRow, runs.rows, own);
    this.#runs = runs;
    this.#times = times;
    this.#completions = {
      starts: new Uint32Array(runs.starts.length),
      times: new Float64Array(rowCount),
      entries: new Float64Array(rowCount),
    };
    followSequence(
      { starts: runs.starts, times, steps: own },
      { stepCount: steps.length, windowMs, entryEndMs },
      this.#completions,
    );
    this.#ends = this.#completions.starts.slice(0, -1);
    this.#mask = new Uint8Array(view.userCount + 1);
  }

  /** 1 by user ordinal for who did it, from an entry at `startMs` or later. Right until it is asked again. */
  did({ startMs, untilMs }: Pick<SequencePlan, 'startMs' | 'untilMs'>): Uint8Array {
    const moment = { startMs, untilMs, rewind: untilMs < this.#lastMs };
    this.#lastMs = untilMs;
    const runs = { users: this.#runs.users, ends: this.#ends };
    markCompletions(this.#completions, moment, runs, this.#mask);
    return this.#mask;
  }

  /** Adds the rows of any step from `startMs` on to a mask. */
  markRows(
    { startMs, untilMs }: Pick<SequencePlan, 'startMs' | 'untilMs'>,
    mask: Uint8Array,
  ): void {
    for (const [place, row] of this.#runs.rows.entries()) {
      if (this.#times[place] >= startMs && this.#times[place] < untilMs) mask[row] = 1;
    }
  }
}
