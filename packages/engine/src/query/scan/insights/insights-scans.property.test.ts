import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { answer } from '../../../../test/model/ask.ts';
import { naive } from '../../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../../test/model/property-runs.ts';
import { context, insightsQuery, world } from '../../../../test/model/random-worlds.ts';
import { rounded } from '../../../../test/model/rounded.ts';
import { cuts, runScans } from '../../../../test/model/run-scans.ts';
import type { Cuts } from '../../../../test/model/run-scans.ts';
import { buildScanSource } from '../../../../test/model/scan-source.ts';
import type { Partial } from '../../merge/merge.ts';
import type { Plan } from '../../plan/plan-types.ts';
import type { ScanSource } from '../scan-source.ts';
import { createInsightsScans } from './create-insights-scans.ts';

const factory = (plan: Plan, source: ScanSource) =>
  plan.type === 'insights' ? createInsightsScans(plan, source) : null;

/** Plans that have no fast scan are none of this test's. */
function scanned(plan: Plan, source: ScanSource, cutting: Cuts): Partial[] {
  const partials = runScans(plan, source, cutting, factory);
  fc.pre(partials !== null);
  return partials;
}

test(
  `answers every insights query as the model does, however the work is cut (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, insightsQuery, context, cuts, (things, question, zone, cutting) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const source = buildScanSource(things);
        const actual = answer(question, zone, (plan) => scanned(plan, source, cutting));
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `a shard that leaves segments out answers as one that sends all (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, insightsQuery, context, cuts, (things, question, zone, cutting) => {
        const source = buildScanSource(things);
        const execute = (plan: Plan) => scanned(plan, source, cutting);
        const all = answer(question, zone, execute);
        const cut = answer(question, { ...zone, shardCount: 1 }, execute);
        expect(rounded(cut)).toEqual(rounded(all));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
