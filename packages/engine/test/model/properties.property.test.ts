import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listedReportSchema, querySchema } from '@arbor/schema/query';
import { listOf } from './ask-list.ts';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { countedAt } from './list-counted.ts';
import { numberAt } from './list-numbers.ts';
import { somePoint } from './list-points.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
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
  propertyTimeoutMs,
);

test(
  `lists as many behind a number of computed properties as it says (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        richWorld,
        propertyQuery,
        context,
        fc.nat({ max: 1_000_000 }),
        (world, query, zone, at) => {
          // Shares of touches are no whole numbers of events.
          fc.pre(!JSON.stringify(query).includes('"attributed"'));
          const asked = { ...zone, definitions: richDefinitions };
          const of = listedReportSchema.parse(query);
          const result = naive(world, of, asked);
          const point = somePoint(of, result, at);
          fc.pre(point !== undefined);
          const counted = countedAt(of, point);
          const list = counted && listOf(world, { of, point, what: counted }, asked);
          expect(list?.total ?? null).toBe(counted && numberAt(result, point));
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
