import type { FunnelPlan } from '../../plan/plan-types.ts';
import { firstRunOf, judgeWithin, MaskScratch, spanOfDay, wholeDay } from '../day-span.ts';
import type { DaySpan } from '../day-span.ts';
import { FirstTimes } from '../first-times.ts';
import type { HadFirst } from '../first-times.ts';
import { compileMatch } from '../row-mask.ts';
import type { EventMatch, RowMatch } from '../row-mask.ts';
import type { DayRows, EventRows, ScanColumn, ScanSource } from '../scan-source.ts';
import type { AttributedValues, ValueReader } from '../attributed-values.ts';

/** The rows of one event, day and range of users that fit some step. */
export interface StepList {
  /** The rows of the event on the day, as `EventRows` has them. */
  readonly users: Uint32Array;
  readonly starts: Uint32Array;
  readonly times: Uint32Array;
  readonly tieRanks: Uint32Array | null;
  readonly firstRun: number;
  readonly endRun: number;
  /** Bit s is set where some row fits step s (the first step is 0); every row does, where `rowBits` is null. */
  readonly bits: number;
  /** The same by row − `firstRow`, where rows differ. Valid until the next day. */
  readonly rowBits: Uint32Array | null;
  readonly firstRow: number;
  /** The step that every row fits that fits any; null = rows may fit several. */
  readonly step: number | null;
  /** By event property that attempts are attributed with. */
  readonly values: readonly ValueReader[];
  /** By event property that is held constant. */
  readonly held: readonly ValueReader[];
  /** The property that is summed up; null = nothing is, or no row here has it. */
  readonly summed: ScanColumn | null;
}

/** Event properties that a funnel reads of the rows of its steps, beside what the steps themselves ask of them. */
export interface StepValues {
  /** Those that attempts are attributed with. */
  readonly attributed: AttributedValues;
  /** Those that are held constant (5.6). */
  readonly held: AttributedValues;
  /** The one that is summed up (5.12); null = none is. */
  readonly summed: string | null;
}

/** A step is a bit, and 1 << 31 is negative. */
export const stepsMax = 30;

/** Finds the rows of a day that fit the steps of a funnel. */
export class StepLists {
  readonly #plan: FunnelPlan;
  readonly #steps: readonly RowMatch[];
  readonly #values: StepValues;
  readonly #firstTimes: FirstTimes;
  readonly #mask = new MaskScratch();
  /** Row bits by event, reused from day to day. */
  readonly #bits: Uint32Array[] = [];
  /** What is the same for every range of users. */
  readonly #prepared = new WeakMap<DayRows, StepDay>();

  constructor(plan: FunnelPlan, source: ScanSource, values: StepValues) {
    this.#plan = plan;
    this.#steps = plan.steps.map((step) => compileMatch(step, [], source));
    this.#values = values;
    this.#firstTimes = new FirstTimes(plan.steps, source);
  }

  /** What is remembered of a range of users from day to day. */
  begin(userCount: number): HadFirst {
    return this.#firstTimes.begin(userCount);
  }

  /** Ordinals first … end − 1; days ascend. */
  of(day: DayRows, first: number, end: number, had: HadFirst): StepList[] {
    let prepared = this.#prepared.get(day);
    if (!prepared) {
      prepared = this.#prepare(day);
      this.#prepared.set(day, prepared);
    }
    const lists: StepList[] = [];
    for (const event of prepared.events) {
      const list = this.#listOf(event, { first, end, had }, prepared);
      if (list !== null) lists.push(list);
    }
    this.#firstTimes.pass(day, first, end - first, had);
    return lists;
  }

  #prepare(day: DayRows): StepDay {
    const { startMs, endMs, windowMs, options } = this.#plan;
    const entries = spanOfDay(startMs, endMs, day.startMs);
    const isInRange = options?.inRange === true;
    // Steps follow an entry: nothing before the range and after the last window can be one.
    const steps = isInRange ? entries : spanOfDay(startMs, endMs + windowMs + 1, day.startMs);
    if (!steps) return { entries, later: wholeDay, events: [] };
    const events = day.events.flatMap((rows): StepEvent[] => {
      const matches = this.#steps.flatMap((own, step) => {
        const match = step > 0 || entries ? own.ofEvent(rows.event) : null;
        return match ? [{ step, match, firstTime: this.#firstTimes.of(step, rows.event) }] : [];
      });
      if (matches.length === 0) return [];
      const { attributed, held, summed } = this.#values;
      return [
        {
          rows,
          matches,
          values: attributed.readersOf(rows),
          held: held.readersOf(rows),
          summed: summed === null ? null : (rows.column(summed) ?? null),
          lastRun: 0,
        },
      ];
    });
    return { entries, later: isInRange ? steps : wholeDay, events };
  }

  #listOf(
    event: StepEvent,
    users: { readonly first: number; readonly end: number; readonly had: HadFirst },
    { entries, later }: StepDay,
  ): StepList | null {
    const { rows, matches, values, held, summed } = event;
    const slice = new RunSlice(event, users.first, users.end);
    if (slice.firstRun === slice.endRun) return null;
    let everyRow = 0;
    let someRows = 0;
    for (const { step, match, firstTime } of matches) {
      const span = step === 0 && entries ? entries : later;
      const mask = this.#mask.take(slice.rowCount);
      const judgement = judgeWithin(match, rows, slice, span, mask);
      if (judgement === 'none') continue;
      if (judgement === 'all') {
        if (match.users === null && firstTime < 0) {
          everyRow |= 1 << step;
          continue;
        }
        mask.fill(1, 0, slice.rowCount);
      }
      if (firstTime >= 0) {
        this.#firstTimes.keep(firstTime, rows, slice, users.had, users.first, mask);
      }
      const bits = this.#rowBits(rows.event, slice.rowCount, someRows === 0);
      addBits(slice, { mask, passing: match.users }, 1 << step, bits);
      someRows |= 1 << step;
    }
    const all = everyRow | someRows;
    if (all === 0) return null;
    return {
      users: rows.users,
      starts: rows.starts,
      times: rows.times,
      tieRanks: rows.tieRanks,
      firstRun: slice.firstRun,
      endRun: slice.endRun,
      bits: all,
      rowBits: someRows === 0 ? null : withBits(this.#bits[rows.event], slice.rowCount, everyRow),
      firstRow: slice.first,
      step: (all & (all - 1)) === 0 ? 31 - Math.clz32(all) : null,
      values,
      held,
      summed,
    };
  }

  #rowBits(event: number, length: number, clear: boolean): Uint32Array {
    let bits = this.#bits[event];
    if (bits === undefined || bits.length < length) {
      bits = new Uint32Array(length * 2);
      this.#bits[event] = bits;
    } else if (clear) bits.fill(0, 0, length);
    return bits;
  }
}

/** A day, as far as the funnel looks at it. */
interface StepDay {
  /** The part of it in which an attempt may begin; null = none. */
  readonly entries: DaySpan | null;
  /** The part of it in which later steps may lie, or more where what follows entries cannot lie beyond. */
  readonly later: DaySpan;
  readonly events: readonly StepEvent[];
}

interface StepMatch {
  readonly step: number;
  readonly match: EventMatch;
  /** Which first time the step asks for; −1 = any time will do. */
  readonly firstTime: number;
}

interface StepEvent {
  readonly rows: EventRows;
  /** Of the steps that the event may be. */
  readonly matches: readonly StepMatch[];
  readonly values: readonly ValueReader[];
  readonly held: readonly ValueReader[];
  readonly summed: ScanColumn | null;
  /** Where the last range began: ranges mostly ascend, and the next one is found from there. */
  lastRun: number;
}

/** The runs of a range of users, and the rows first … end − 1 of them. */
class RunSlice {
  readonly firstRun: number;
  readonly endRun: number;
  readonly first: number;
  readonly end: number;
  readonly rows: EventRows;

  constructor(event: StepEvent, firstUser: number, endUser: number) {
    const { rows, lastRun } = event;
    this.rows = rows;
    const from = lastRun < rows.users.length && rows.users[lastRun] <= firstUser ? lastRun : 0;
    this.firstRun = firstRunOf(rows.users, firstUser, from);
    event.lastRun = this.firstRun;
    this.endRun = firstRunOf(rows.users, endUser, this.firstRun);
    this.first = rows.starts[this.firstRun];
    this.end = rows.starts[this.endRun];
  }

  get rowCount(): number {
    return this.end - this.first;
  }
}

function addBits(
  { rows: { users, starts }, firstRun, endRun, first }: RunSlice,
  { mask, passing }: { readonly mask: Uint8Array; readonly passing: EventMatch['users'] },
  bit: number,
  bits: Uint32Array,
): void {
  for (let run = firstRun; run < endRun; run++) {
    if (passing !== null && passing[users[run]] === 0) continue;
    for (let row = starts[run] - first; row < starts[run + 1] - first; row++) {
      if (mask[row] === 1) bits[row] |= bit;
    }
  }
}

function withBits(bits: Uint32Array, length: number, everyRow: number): Uint32Array {
  if (everyRow !== 0) for (let row = 0; row < length; row++) bits[row] |= everyRow;
  return bits;
}
