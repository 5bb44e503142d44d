import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListPoint } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import type { FlowResult } from '@arbor/schema/result';
import { pick } from '../../src/query/exec/list.ts';
import type { FlowPlan, ListPlan } from '../../src/query/plan/plan-types.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { numberAt } from './list-numbers.ts';
import { pointsOf } from './list-points.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { sessionDefinitions } from './random-sessions.ts';
import { context, crowdedRange, crowdedWorld, randomFlow, world } from './random-worlds.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

const asked = fc.oneof(
  fc.tuple(world, randomFlow),
  fc
    .tuple(crowdedWorld, randomFlow, crowdedRange)
    .map(([things, flow, range]) => [things, { ...flow, range }] as const),
);

test(
  `follows paths as the model does, however sessions are cut (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(asked, context, sessionDefinitions, ([things, question], zone, definitions) => {
        const own = { ...zone, definitions };
        const expected = naive(things, querySchema.parse(question), own);
        expect(ask(buildViews(things, 2), question, own)).toEqual(expected);
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `lists as many paths behind a number as the number says (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(asked, context, ([things, question], zone) => {
        const views = buildViews(things, 2);
        const plan = planQuery(querySchema.parse(question), zone) as FlowPlan;
        const result = ask(views, question, zone) as FlowResult;
        const list = { type: 'list', of: plan, what: 'events' } as ListPlan;
        const listed = (point: ListPoint): number =>
          views.reduce((sum, view) => sum + pick({ ...list, point }, view).rows.length, 0);
        for (const point of pointsOf(querySchema.parse(question), result).slice(0, 200)) {
          expect(listed(point), JSON.stringify(point)).toBe(numberAt(result, point));
        }
      }),
      { ...settings, numRuns: Math.ceil(propertyRuns / 3) },
    );
  },
  propertyTimeoutMs,
);
