import { bench } from 'vitest';
import { benchDays, benchRange, userScansOf } from '../../../../test/bench/run-user-scans.ts';
import { syntheticSource } from '../../../../test/bench/synthetic-source.ts';
import { createRetentionScans } from './create-retention-scan.ts';

const source = syntheticSource({ rows: 1_000_000, days: benchDays });
const any = { anyOf: [{ event: null }] };

const base = {
  type: 'retention' as const,
  range: benchRange,
  birth: { anyOf: [{ event: 'signup' }] },
  return: any,
  criterion: 'on' as const,
  births: 'first' as const,
};

const reports = {
  'weeks of the calendar, first birth': {
    ...base,
    unit: 'week' as const,
    mode: 'calendar' as const,
  },
  'days by plan, first birth': {
    ...base,
    mode: 'calendar' as const,
    intervals: 30,
    breakdowns: [{ property: { scope: 'person' as const, name: 'plan' } }],
  },
  'rolling days, first birth': { ...base, intervals: 30 },
  'rolling days, any event, born every day': {
    ...base,
    birth: any,
    births: 'every_bucket' as const,
  },
};

for (const [name, report] of Object.entries(reports)) {
  bench(`retention over 1 M rows: ${name}`, userScansOf(createRetentionScans, report, source));
}
