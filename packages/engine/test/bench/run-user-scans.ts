import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { planQuery } from '../../src/query/plan/plan.ts';
import type { ScanFactory } from '../../src/query/scan/scan.ts';
import type { ScanSource } from '../../src/query/scan/scan-source.ts';
import { syntheticStartMs } from './synthetic-source.ts';

export const benchDays = 30;

export const benchRange = { from: '2026-01-01', to: '2026-01-30' };

const context = {
  timezone: 'UTC',
  weekStart: 1,
  nowMs: syntheticStartMs + benchDays * 86_400_000 - 1,
};

/** A function that answers the query from the source on this thread: what a bench calls again and again. */
export function userScansOf(
  factory: ScanFactory,
  question: QueryInput,
  source: ScanSource,
): () => void {
  const plan = planQuery(querySchema.parse(question), context);
  return () => {
    const set = factory(plan, source);
    for (const scan of set?.scans ?? []) {
      if (scan.unit !== 'users') throw new Error('a scan of days has no ranges of users');
      for (let first = 1; first <= source.userCount; first += scan.usersMax) {
        const range = scan.open(first, Math.min(first + scan.usersMax, source.userCount + 1));
        range.add(source.days);
        range.close();
      }
    }
    set?.finish();
  };
}
