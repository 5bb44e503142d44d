import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueryInput } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed } from './property-runs.ts';
import { sessionDefinitions } from './random-sessions.ts';
import { context, crowdedWorld, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';

const sessionEvent = fc.constantFrom('$session_start', '$session_end');
const property = fc.constantFrom('$origin_start', '$origin_end', '$event_count', 'p', 'n');

const insights: fc.Arbitrary<QueryInput> = fc
  .record({
    event: sessionEvent,
    other: fc.constantFrom('A', null),
    by: fc.option(property, { nil: undefined }),
  })
  .map(({ event, other, by }) => ({
    type: 'insights',
    range: { from: '2024-03-08', to: '2024-04-14' },
    metrics: [
      { selector: { anyOf: [{ event }] }, measure: { type: 'total' } },
      { selector: { anyOf: [{ event: other }] }, measure: { type: 'total' } },
      {
        selector: { anyOf: [{ event }] },
        measure: { type: 'sum', property: { scope: 'event', name: '$duration_s' } },
      },
      {
        selector: { anyOf: [{ event }] },
        measure: { type: 'max', property: { scope: 'event', name: '$event_count' } },
      },
    ],
    breakdowns: by === undefined ? [] : [{ property: { scope: 'event', name: by } }],
  }));

const funnel: fc.Arbitrary<QueryInput> = fc
  .array(fc.oneof(sessionEvent, fc.constantFrom('A', 'B', null)), { minLength: 2, maxLength: 4 })
  .map((events) => ({
    type: 'funnel',
    range: { from: '2024-03-08', to: '2024-04-14' },
    steps: events.map((event) => ({ anyOf: [{ event }] })),
  }));

test(
  `cuts sessions and counts their ends as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        fc.oneof(world, crowdedWorld),
        fc.oneof(insights, funnel),
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
