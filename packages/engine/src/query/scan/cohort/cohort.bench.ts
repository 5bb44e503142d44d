import { bench } from 'vitest';
import { benchDays, userScansOf } from '../../../../test/bench/run-user-scans.ts';
import { syntheticSource } from '../../../../test/bench/synthetic-source.ts';
import { createCohortScans } from './create-cohort-scan.ts';

const source = syntheticSource({ rows: 1_000_000, days: benchDays });

const behavior = (
  event: string,
  operator: 'at_least' | 'exactly',
  value: number,
  days: number,
) => ({
  type: 'behavior' as const,
  selector: { anyOf: [{ event }] },
  count: { operator, value },
  span: { type: 'last' as const, days },
});

bench(
  'cohort over 1 M rows: purchase three times in 30 days, not in 7',
  userScansOf(
    createCohortScans,
    {
      type: 'cohort',
      filters: [behavior('purchase', 'at_least', 3, 30), behavior('purchase', 'exactly', 0, 7)],
    },
    source,
  ),
);
bench(
  'cohort over 1 M rows: no page view in 7 days',
  userScansOf(
    createCohortScans,
    { type: 'cohort', filters: [behavior('page_view', 'exactly', 0, 7)] },
    source,
  ),
);
