import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { context, crowdedRange, crowdedWorld, query, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

test(
  `answers every query as the model does (seed ${propertySeed})`,
  () => {
    const shardCount = fc.constantFrom(1, 2, 5);
    fc.assert(
      fc.property(world, query, context, shardCount, (things, question, zone, shards) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const actual = ask(buildViews(things, shards), question, zone);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `answers where many events share an instant as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(crowdedWorld, query, crowdedRange, context, (things, asked, range, zone) => {
        const question = asked.type === 'cohort' ? asked : { ...asked, range };
        const expected = naive(things, querySchema.parse(question), zone);
        expect(rounded(ask(buildViews(things, 2), question, zone))).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `gives the same answer whichever order the shards answer in (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, query, context, (things, question, zone) => {
        const views = buildViews(things, 5);
        expect(ask([...views].reverse(), question, zone)).toEqual(ask(views, question, zone));
      }),
      { ...settings, numRuns: Math.ceil(propertyRuns / 3) },
    );
  },
  propertyTimeoutMs,
);
