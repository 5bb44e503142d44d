import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listedReportSchema, querySchema } from '@arbor/schema/query';
import { compareIds } from '../../src/query/merge/list-order.ts';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { countedAt } from './list-counted.ts';
import { numberAt } from './list-numbers.ts';
import { pointsOf } from './list-points.ts';
import { naive, naiveUsers } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
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
  propertyTimeoutMs,
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
  propertyTimeoutMs,
);

test(
  `the users behind a cell are those of the model, and as many as it says (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, reports, context, fc.nat(), (things, question, zone, at) => {
        const of = listedReportSchema.parse(question);
        const result = naive(things, of, zone);
        const points = pointsOf(of, result);
        fc.pre(points.length > 0);
        const point = points[at % points.length];
        const query = { type: 'list', of, point, what: 'users', limit: 100 } as const;
        const { users, total } = ask(buildViews(things, 3), query, zone);
        expect(users).toEqual(naiveUsers(things, of, zone, point)?.sort(compareIds));
        const isCounted = countedAt(of, point) === 'users';
        expect(total).toBe(isCounted ? numberAt(result, point) : users.length);
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);
