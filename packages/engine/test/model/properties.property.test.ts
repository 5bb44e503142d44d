import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed } from './property-runs.ts';
import { propertyQuery, richDefinitions, richWorld } from './random-properties.ts';
import { context } from './random-worlds.ts';
import { rounded } from './rounded.ts';

test(
  `reads computed properties, filters and breakdowns as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        richWorld,
        propertyQuery,
        context,
        fc.constantFrom(1, 2, 3),
        (world, query, zone, shards) => {
          const asked = { ...zone, definitions: richDefinitions };
          const expected = naive(world, querySchema.parse(query), asked);
          expect(rounded(ask(buildViews(world, shards), query, asked))).toEqual(rounded(expected));
        },
      ),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  30_000 + propertyRuns * 100,
);
