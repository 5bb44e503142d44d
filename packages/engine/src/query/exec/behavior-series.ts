import { unreachable } from '../../base/assert.ts';
import { gather, gatherTimes } from '../kernels/mask.ts';
import { selectRuns } from '../kernels/select-runs.ts';
import type { SelectedRuns } from '../kernels/select-runs.ts';
import {
  countWindowChanges,
  countWindowCodes,
  countWindows,
  findWindowExtremes,
  sumWindows,
} from '../kernels/window-numbers.ts';
import type { WindowRuns } from '../kernels/window-numbers.ts';
import { moveWindow } from '../kernels/window-rows.ts';
import type { WindowRows } from '../kernels/window-rows.ts';
import type { BehaviorPlan, PropertyPlan } from '../plan/plan-types.ts';
import { selectorMask } from './filter-mask.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn } from './shard-view.ts';
import { unitStarts } from './unit-starts.ts';

/** Writes the number of each of some runs by its user. */
type WriteNumbers = (runs: WindowRuns, numbers: Float64Array) => void;

/**
 * What all users did of one behavior, with its number over one span after the other. Its rows are looked for once;
 * spans that move on cost what comes in and goes out of them (9.4).
 */
export class BehaviorSeries {
  readonly #runs: SelectedRuns;
  readonly #window: WindowRows;
  readonly #changed: Uint32Array;
  readonly #write: WriteNumbers;
  /** By user ordinal, of the span asked for last. */
  readonly #numbers: Float64Array;
  #last = { startMs: -Infinity, endMs: -Infinity };

  constructor(
    { selector, measure }: Pick<BehaviorPlan, 'selector' | 'measure'>,
    context: RowContext,
  ) {
    const { view, frame } = context;
    const runs = selectRuns(selectorMask(selector, [], view, frame), view.users);
    const times = new Float64Array(runs.rows.length);
    gatherTimes(view.times, runs.rows, times);
    this.#runs = runs;
    this.#window = {
      starts: runs.starts,
      times,
      first: runs.starts.slice(0, -1),
      ends: runs.starts.slice(0, -1),
    };
    this.#changed = new Uint32Array(runs.users.length);
    this.#write = numbersOf(measure, { rows: runs.rows, times }, context);
    // Of nothing, what is counted is 0 and what is aggregated is no number.
    const isCounted = ['count', 'distinct_count', 'distinct_time'].includes(measure.type);
    this.#numbers = new Float64Array(view.userCount + 1).fill(isCounted ? 0 : NaN);
  }

  /** By user ordinal; NaN = no number. Right until it is asked again. */
  numbers(span: { readonly startMs: number; readonly endMs: number }): Float64Array {
    const { startMs, endMs } = span;
    const rewind = startMs < this.#last.startMs || endMs < this.#last.endMs;
    const count = moveWindow(this.#window, { startMs, endMs, rewind }, this.#changed);
    this.#last = { startMs, endMs };
    const { users } = this.#runs;
    this.#write({ ...this.#window, runs: this.#changed, count, users }, this.#numbers);
    return this.#numbers;
  }

  /** Adds the rows that the span holds to a mask. */
  markRows(span: { readonly startMs: number; readonly endMs: number }, mask: Uint8Array): void {
    const { times } = this.#window;
    for (const [place, row] of this.#runs.rows.entries()) {
      if (times[place] >= span.startMs && times[place] < span.endMs) mask[row] = 1;
    }
  }
}

function numbersOf(
  measure: BehaviorPlan['measure'],
  { rows, times }: { readonly rows: Uint32Array; readonly times: Float64Array },
  context: RowContext,
): WriteNumbers {
  switch (measure.type) {
    case 'count':
      return countWindows;
    case 'distinct_time': {
      const units = unitStarts(times, measure.unit, context.plan.zone);
      return (runs, out) => countWindowChanges(runs, units, out);
    }
    case 'distinct_count': {
      const { codes, values } = columnOf(measure.property, context);
      const known = codesAt(rows, codes, values);
      const seen = { marks: new Uint32Array(Math.max(values.length, 1)), mark: 0 };
      return (runs, out) => countWindowCodes(runs, known, seen, out);
    }
    case 'sum':
    case 'average': {
      const numbers = numbersAt(rows, columnOf(measure.property, context));
      return (runs, out) => sumWindows(runs, numbers, measure.type === 'average', out);
    }
    case 'min':
    case 'max': {
      const numbers = numbersAt(rows, columnOf(measure.property, context));
      return (runs, out) => findWindowExtremes(runs, numbers, measure.type === 'max' ? 1 : -1, out);
    }
    default:
      return unreachable(measure);
  }
}

function columnOf(property: PropertyPlan, { frame, view }: RowContext): PropertyColumn {
  return frame.column(property) ?? { codes: new Uint32Array(view.rowCount), values: [null] };
}

/** Codes of rows; a stored null is no value (4.1). */
function codesAt(
  rows: Uint32Array,
  codes: Uint32Array,
  values: PropertyColumn['values'],
): Uint32Array {
  const kept = Uint32Array.from(values, (value, code) => (value === null ? 0 : code));
  const at = new Uint32Array(rows.length);
  gather(codes, rows, at);
  for (let i = 0; i < at.length; i++) at[i] = kept[at[i]] ?? 0;
  return at;
}

/** Only JSON numbers are numbers; NaN where there is none. Code 0 is a missing value. */
function numbersAt(rows: Uint32Array, { codes, values }: PropertyColumn): Float64Array {
  const byCode = Float64Array.from(values, (value, code) =>
    code > 0 && typeof value === 'number' ? value : NaN,
  );
  const at = new Float64Array(rows.length);
  for (let i = 0; i < at.length; i++) at[i] = byCode[codes[rows[i]]];
  return at;
}
