import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { randomCompared } from './random-compared.ts';
import { context, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';

test(
  `compares funnels and retentions with another time as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, randomCompared, context, (things, question, zone) => {
        // Things happen in the year before, and later ones are asked about.
        const asked = { ...zone, nowMs: zone.nowMs + 400 * 86_400_000 };
        const expected = naive(things, querySchema.parse(question), asked);
        expect(rounded(ask(buildViews(things, 2), question, asked))).toEqual(rounded(expected));
      }),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
