import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { later } from '../../../../test/model/ask.ts';
import { buildScanSource } from '../../../../test/model/scan-source.ts';
import type { World } from '../../../../test/model/world.ts';
import { planQuery } from '../../plan/plan.ts';
import type { ScanSource } from '../scan-source.ts';
import { createCohortScans } from './create-cohort-scan.ts';

const bought = { user: 'ann', event: 'Buy', time: Date.UTC(2024, 2, 4), properties: {} };
const world: World = { events: [bought], people: { ann: {}, bob: {}, cyd: {} } };

const neverBought: QueryInput = {
  type: 'cohort',
  filters: [
    {
      type: 'behavior',
      selector: { anyOf: [{ event: 'Buy' }] },
      count: { operator: 'at_most', value: 0 },
      span: { type: 'range', from: '2024-03-01', to: '2024-03-31' },
    },
  ],
};

function members(source: ScanSource): unknown {
  const set = createCohortScans(planQuery(querySchema.parse(neverBought), later), source);
  const scan = set?.scans[0];
  if (!set || scan?.unit !== 'users') throw new Error('not a scan of users');
  const range = scan.open(1, source.userCount + 1);
  range.add(source.days);
  range.close();
  return set.finish();
}

test('"did not" passes users who have a profile alone', () => {
  expect(members(buildScanSource(world))).toEqual({ type: 'cohort', users: 2 });
});

test('leaves out users that were merged into others', () => {
  const source = { ...buildScanSource(world), mergedUsers: Uint32Array.of(3) };
  expect(members(source)).toEqual({ type: 'cohort', users: 1 });
});

test('leaves other plans to others', () => {
  const question = querySchema.parse({
    type: 'retention',
    range: { from: '2024-03-01', to: '2024-03-31' },
    birth: { anyOf: [{ event: 'Buy' }] },
    return: { anyOf: [{ event: null }] },
  });
  expect(createCohortScans(planQuery(question, later), buildScanSource(world))).toBeNull();
});
