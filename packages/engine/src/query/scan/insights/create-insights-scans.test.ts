import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { buildScanSource } from '../../../../test/model/scan-source.ts';
import { planQuery } from '../../plan/plan.ts';
import { createInsightsScans } from './create-insights-scans.ts';

function scansOf(timezone: string, measure: 'dau' | 'unique', unit: 'hour' | 'minute' = 'hour') {
  const query = querySchema.parse({
    type: 'insights',
    range: { from: '2024-04-05', to: '2024-04-09' },
    unit,
    metrics: [{ selector: { anyOf: [{ event: 'A' }] }, measure: { type: measure } }],
  });
  const plan = planQuery(query, { timezone, weekStart: 1, nowMs: Date.UTC(2024, 4, 1) });
  if (plan.type !== 'insights') throw new Error('wrong plan');
  return createInsightsScans(plan, buildScanSource({ events: [], people: {} }));
}

test('days of minutes have no fast scan', () => {
  expect(scansOf('UTC', 'unique', 'minute')).toBeNull();
});

test('days that windows cut too often to be told apart have no fast scan', () => {
  // On 7 April the clock goes back by half an hour.
  expect(scansOf('Australia/Lord_Howe', 'dau')).toBeNull();
  expect(scansOf('Australia/Lord_Howe', 'unique')).not.toBeNull();
  expect(scansOf('Australia/Sydney', 'dau')).not.toBeNull();
});
