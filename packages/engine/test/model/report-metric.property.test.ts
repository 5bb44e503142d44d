import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { cohortMetric } from './random-cohort-metric.ts';
import { retentionMetric } from './random-retention-metric.ts';
import { context, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';

test(
  `measures intervals of retentions and sizes of cohorts as the model does (seed ${propertySeed})`,
  () => {
    const asked = fc.oneof(retentionMetric, cohortMetric);
    fc.assert(
      fc.property(world, asked, context, (things, question, zone) => {
        const expected = naive(things, querySchema.parse(question), zone);
        expect(rounded(ask(buildViews(things, 2), question, zone))).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
