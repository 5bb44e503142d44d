import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { funnelMetric } from './random-funnel-metric.ts';
import { context, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';

test(
  `measures funnels between any steps as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, funnelMetric, context, (things, question, zone) => {
        const expected = naive(things, querySchema.parse(question), zone);
        expect(rounded(ask(buildViews(things, 2), question, zone))).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
