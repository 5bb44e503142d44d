import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed } from './property-runs.ts';
import { context, randomComposed, randomInsights, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';

const timeoutMs = 60_000 + propertyRuns * 200;

const asked = fc.oneof(randomInsights, randomComposed);

test(
  `measures, transforms and compares as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, asked, context, fc.boolean(), (things, question, zone, isOneShard) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const shards = isOneShard ? { ...zone, shardCount: 1 } : zone;
        const actual = ask(buildViews(things, isOneShard ? 1 : 3), question, shards);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: 2 * propertyRuns, seed: propertySeed },
    );
  },
  timeoutMs,
);
