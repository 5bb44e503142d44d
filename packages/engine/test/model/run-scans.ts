import fc from 'fast-check';
import type { Partial } from '../../src/query/merge/merge.ts';
import { chooseSegments } from '../../src/query/merge/segment-ranks.ts';
import type { Plan } from '../../src/query/plan/plan.ts';
import type { DayRows, ScanSource } from '../../src/query/scan/scan-source.ts';
import type { Scan, ScanFactory, ScanSet, UserScan } from '../../src/query/scan/scan.ts';
import { pruned } from './pruned-source.ts';

/** How the work of a scan is cut: into which units, and which thread takes each of them. */
export interface Cuts {
  readonly threads: number;
  /** Taken in turn, again and again: the lengths of ranges of ordinals. */
  readonly rangeLengths: readonly number[];
  /** Days that are added together. */
  readonly daysAtOnce: number;
  /** Taken in turn: the thread of the next unit. */
  readonly turns: readonly number[];
}

export const cuts: fc.Arbitrary<Cuts> = fc.record({
  threads: fc.constantFrom(1, 2, 3),
  rangeLengths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  daysAtOnce: fc.constantFrom(1, 3, 100),
  turns: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 5 }),
});

/** Runs all units of a plan as threads would, each with scans of its own. Null = no fast scan does it. */
export function runScans(
  plan: Plan,
  whole: ScanSource,
  { threads, rangeLengths, daysAtOnce, turns }: Cuts,
  factory: ScanFactory,
): Partial[] | null {
  const source = pruned(plan, whole);
  const sets = Array.from({ length: threads }, () => factory(plan, source));
  if (sets.some((set) => set === null)) return null;
  const own = sets.filter((set) => set !== null);
  let turn = 0;
  const nextThread = (): number => turns[turn++ % turns.length] % threads;
  const scanOf = (thread: number, index: number): Scan => own[thread].scans[index];
  for (const [index, { unit }] of own[0].scans.entries()) {
    if (unit === 'days') {
      for (const day of source.days) {
        const scan = scanOf(nextThread(), index);
        if (scan.unit === 'days') scan.addDay(day);
      }
      continue;
    }
    const chunks = chunksOf(source.days, daysAtOnce);
    runRanges(source.userCount, { rangeLengths, chunks }, () => {
      return scanOf(nextThread(), index) as UserScan;
    });
  }
  return finishAll(plan, own);
}

/** Where the plan has one shard, threads leave out the segments that do not come back. */
function finishAll(plan: Plan, sets: readonly ScanSet[]): Partial[] {
  const ranks = sets.map((set) => set.ranks?.() ?? null).filter((one) => one !== null);
  const chosen =
    plan.type === 'insights' && ranks.length === sets.length
      ? chooseSegments(plan, ranks)
      : undefined;
  return sets.map((set) => set.finish(chosen));
}

/** All ranges are open at the same time while the chunks of days come. */
function runRanges(
  userCount: number,
  { rangeLengths, chunks }: { rangeLengths: readonly number[]; chunks: readonly DayRows[][] },
  nextScan: () => UserScan,
): void {
  const ranges = [];
  // Rows of nobody come with the first range: there is one, also without users.
  for (let first = 1, n = 0; n === 0 || first <= userCount; n++) {
    const end = Math.min(first + rangeLengths[n % rangeLengths.length], userCount + 1);
    ranges.push(nextScan().open(first, end));
    first = end;
  }
  for (const chunk of chunks) for (const range of ranges) range.add(chunk);
  for (const range of ranges) range.close();
}

function chunksOf(days: readonly DayRows[], length: number): DayRows[][] {
  const chunks: DayRows[][] = [];
  for (let at = 0; at < days.length; at += length) chunks.push(days.slice(at, at + length));
  return chunks;
}
