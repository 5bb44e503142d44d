import fc from 'fast-check';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import type { UsersResult } from '@arbor/schema/users-result';
import { expect, test } from 'vitest';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { namedWorld, usersQuery } from './random-users.ts';
import { context } from './random-worlds.ts';
import type { World } from './world.ts';

const zoneOf = ({ hiddenEvents = [] }: World, zone: PlanContext): PlanContext => ({
  ...zone,
  definitions: { ...noDefinitions, hiddenEvents },
});

const modelled = (things: World, asked: QueryInput, zone: PlanContext): UsersResult =>
  naive(things, querySchema.parse(asked), zone) as UsersResult;

test(
  `lists the users that the model lists, from any number of shards (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        namedWorld,
        usersQuery,
        context,
        fc.integer({ min: 1, max: 3 }),
        (things, asked, plain, shards) => {
          const zone = zoneOf(things, plain);
          const { next, ...actual } = ask(buildViews(things, shards), asked, zone);
          const { next: _, ...expected } = modelled(things, asked, zone);
          expect(actual).toEqual(expected);
          expect(next === null).toBe(actual.users.length === actual.total);
        },
      ),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `gives every user once, page by page, in the order of one long page (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(namedWorld, usersQuery, context, (things, asked, plain) => {
        const zone = zoneOf(things, plain);
        const views = buildViews(things, 2);
        const users: unknown[] = [];
        let cursor: string | null = null;
        do {
          const page: UsersResult = ask(
            views,
            { ...asked, limit: 1, ...(cursor && { cursor }) },
            zone,
          );
          users.push(...page.users);
          cursor = page.next;
        } while (cursor !== null);
        expect(users).toEqual(modelled(things, { ...asked, limit: 100 }, zone).users);
      }),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
