import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed } from './property-runs.ts';
import { sessionDefinitions, sessionQuestion } from './random-sessions.ts';
import { context, crowdedWorld, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';

test(
  `cuts sessions and counts their ends as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        fc.oneof(world, crowdedWorld),
        sessionQuestion,
        context,
        sessionDefinitions,
        (things, question, zone, definitions) => {
          const own = { ...zone, definitions };
          const expected = naive(things, querySchema.parse(question), own);
          expect(rounded(ask(buildViews(things, 2), question, own))).toEqual(rounded(expected));
        },
      ),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  30_000 + propertyRuns * 100,
);
