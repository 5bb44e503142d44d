import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listQuerySchema, querySchema } from '@arbor/schema/query';
import type { ListPoint, Query } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { pointsOf } from './list-points.ts';
import { naive } from './naive.ts';
import { naiveFrequencyUsers } from './naive-frequency.ts';
import { naiveRetentionUsers } from './naive-retention.ts';
import { propertyRuns, propertySeed } from './property-runs.ts';
import {
  context,
  crowdedRange,
  crowdedWorld,
  randomFrequency,
  randomRetention,
  world,
} from './random-worlds.ts';
import { rounded } from './rounded.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };
const timeoutMs = 30_000 + propertyRuns * 100;
const reports = fc.oneof({ weight: 3, arbitrary: randomRetention }, randomFrequency);

test(
  `retention and frequency with every option are what the model says (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, reports, context, (things, question, zone) => {
        const expected = naive(things, querySchema.parse(question), zone);
        expect(rounded(ask(buildViews(things, 3), question, zone))).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  timeoutMs,
);

test(
  `the same where many events share an instant (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(crowdedWorld, reports, crowdedRange, context, (things, own, range, zone) => {
        const question = { ...own, range } as typeof own;
        const expected = naive(things, querySchema.parse(question), zone);
        expect(rounded(ask(buildViews(things, 2), question, zone))).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  timeoutMs,
);
