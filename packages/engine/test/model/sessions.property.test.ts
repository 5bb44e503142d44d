import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { onSessionEvents, sessionDefinitions, sessionQuestion } from './random-sessions.ts';
import { context, crowdedRange, crowdedWorld, query, world } from './random-worlds.ts';
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
  propertyTimeoutMs,
);

test(
  `answers any report about the ends of sessions, however they are cut, as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        world,
        query,
        context,
        sessionDefinitions,
        fc.boolean(),
        (things, question, zone, definitions, isOfEnds) => {
          const own = { ...zone, definitions };
          const asked = isOfEnds ? onSessionEvents(question) : question;
          const expected = naive(things, querySchema.parse(asked), own);
          expect(rounded(ask(buildViews(things, 2), asked, own))).toEqual(rounded(expected));
        },
      ),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `answers it where many events share an instant as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        crowdedWorld,
        query,
        crowdedRange,
        context,
        sessionDefinitions,
        (things, question, range, zone, definitions) => {
          const own = { ...zone, definitions };
          const ranged = 'range' in question ? { ...question, range } : question;
          const asked = onSessionEvents(ranged);
          const expected = naive(things, querySchema.parse(asked), own);
          expect(rounded(ask(buildViews(things, 2), asked, own))).toEqual(rounded(expected));
        },
      ),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
