import { must } from '../../base/assert.ts';
import type { PropertyFilterPlan } from '../plan/plan-types.ts';
import type { Verdicts } from './verdict-cache.ts';
import { verdictKey, verdictOnMissing, verdictsOver } from './verdict-cache.ts';
import type { CodeArray, EventRows } from './scan-source.ts';

/** Whether all, none or some of the rows pass. Only after `some` does the mask tell which. */
export type Judgement = 'all' | 'none' | 'some';

/** Rows first … end − 1 of one event on one day. Their mask begins with row `first`. */
export interface RowSlice {
  readonly rows: EventRows;
  readonly first: number;
  readonly end: number;
}

/** One condition on rows. */
export interface RowTest {
  /** What is known without looking at rows: whether an event has the property at all tells much. */
  foretell(rows: EventRows): Judgement;
  /** Writes mask[0 … end − first) when it answers `some`, and may leave anything there otherwise. */
  judge(slice: RowSlice, mask: Uint8Array): Judgement;
  /** Of a test of distinct values: what decides, where `foretell` says `some`. */
  verdicts?(rows: EventRows): CodeVerdicts;
}

/** A row passes where byCode[codes[row]] is 1. */
export interface CodeVerdicts {
  readonly codes: CodeArray;
  readonly byCode: Uint8Array;
}

/** The same answer for every row. */
export function constantTest(passes: boolean): RowTest {
  const judgement = passes ? 'all' : 'none';
  return { foretell: () => judgement, judge: () => judgement };
}

/** A filter on an event property, judged once a distinct value. */
export function propertyTest(filter: PropertyFilterPlan): RowTest {
  const missing = verdictOnMissing(filter) === 1 ? 'all' : 'none';
  const { name } = filter.property;
  const key = verdictKey(filter);
  return {
    foretell: (rows) => {
      const column = rows.column(name);
      return column ? judgementOf(verdictsOver(filter, column.dictionary, key)) : missing;
    },
    judge: ({ rows, first, end }, mask) => {
      const column = rows.column(name);
      if (!column) return missing;
      const verdicts = verdictsOver(filter, column.dictionary, key);
      const judgement = judgementOf(verdicts);
      if (judgement === 'some') writeVerdicts(column.codes, verdicts.byCode, first, end, mask);
      return judgement;
    },
    verdicts: (rows) => {
      const column = must(rows.column(name), 'the property of an event that has some of it');
      return { codes: column.codes, byCode: verdictsOver(filter, column.dictionary, key).byCode };
    },
  };
}

/** What the user of a row decides: `passing` holds 1 by ordinal. */
export function userTest(passing: Uint8Array): RowTest {
  return {
    foretell: () => 'some',
    judge: ({ rows, first, end }, mask) => {
      const { users, starts } = rows;
      for (let run = runOfRow(starts, first), row = first; row < end; run++) {
        const runEnd = Math.min(starts[run + 1], end);
        const verdict = passing[users[run]];
        for (; row < runEnd; row++) mask[row - first] = verdict;
      }
      return 'some';
    },
  };
}

/** Every test must pass. */
export function allTest(tests: readonly RowTest[]): RowTest {
  if (tests.length === 1) return tests[0];
  const scratch = new Scratch();
  const foretell = (rows: EventRows): Judgement => {
    const known = tests.map((test) => test.foretell(rows));
    if (known.includes('none')) return 'none';
    return known.includes('some') ? 'some' : 'all';
  };
  return {
    foretell,
    judge: (slice, mask) => {
      // One look at the columns may spare the rows of an event that lacks a property.
      if (foretell(slice.rows) === 'none') return 'none';
      let judgement: Judgement = 'all';
      for (const test of tests) {
        if (judgement === 'all') {
          judgement = test.judge(slice, mask);
        } else {
          const own = scratch.ofLength(slice.end - slice.first);
          const next = test.judge(slice, own);
          if (next === 'some') narrow(mask, own);
          else if (next === 'none') judgement = 'none';
        }
        if (judgement === 'none') return 'none';
      }
      return judgement;
    },
  };
}

/** One of the tests must pass. */
export function anyTest(tests: readonly RowTest[]): RowTest {
  if (tests.length === 1) return tests[0];
  const scratch = new Scratch();
  const foretell = (rows: EventRows): Judgement => {
    const known = tests.map((test) => test.foretell(rows));
    if (known.includes('all')) return 'all';
    return known.includes('some') ? 'some' : 'none';
  };
  return {
    foretell,
    judge: (slice, mask) => {
      if (foretell(slice.rows) === 'all') return 'all';
      let judgement: Judgement = 'none';
      for (const test of tests) {
        if (judgement === 'none') {
          judgement = test.judge(slice, mask);
        } else {
          const own = scratch.ofLength(slice.end - slice.first);
          const next = test.judge(slice, own);
          if (next === 'some') widen(mask, own);
          else if (next === 'all') judgement = 'all';
        }
        if (judgement === 'all') return 'all';
      }
      return judgement;
    },
  };
}

/** Run that holds the row: the last one that starts at or before it. */
export function runOfRow(starts: Uint32Array, row: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle] <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

function judgementOf({ constant }: Verdicts): Judgement {
  if (constant === null) return 'some';
  return constant === 1 ? 'all' : 'none';
}

function writeVerdicts(
  codes: CodeArray,
  byCode: Uint8Array,
  first: number,
  end: number,
  mask: Uint8Array,
): void {
  for (let row = first; row < end; row++) mask[row - first] = byCode[codes[row]];
}

function narrow(mask: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < other.length; i++) mask[i] &= other[i];
}

function widen(mask: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < other.length; i++) mask[i] |= other[i];
}

/** A mask that is kept between slices; each combining test has its own, because tests nest. */
class Scratch {
  #bytes = new Uint8Array(0);

  ofLength(length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(2 * length);
    return this.#bytes.subarray(0, length);
  }
}
