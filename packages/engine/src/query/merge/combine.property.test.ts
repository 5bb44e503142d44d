import fc from 'fast-check';
import { querySchema } from '@arbor/schema/query';
import { expect, test } from 'vitest';
import { buildViews } from '../../../test/model/build-views.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import { context, query, world } from '../../../test/model/random-worlds.ts';
import { rounded } from '../../../test/model/rounded.ts';
import { executePlan } from '../exec/execute.ts';
import { type Plan, planQuery } from '../plan/plan.ts';
import { combinePartials } from './combine.ts';
import { followUpPlan, mergePartials } from './merge.ts';
import type { PartialResult } from './partial.ts';

const overTheWire = (partial: PartialResult): PartialResult =>
  JSON.parse(JSON.stringify(partial)) as PartialResult;

test(
  `combined partial results make the same report as each alone (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, query, context, fc.nat({ max: 4 }), (things, question, zone, cut) => {
        const plan = planQuery(querySchema.parse(question), zone);
        const views = buildViews(things, 5);
        const answer = (combine: (own: Plan, all: PartialResult[]) => PartialResult[]) => {
          const partials = combine(
            plan,
            views.map((view) => executePlan(plan, view)),
          );
          const followUp = followUpPlan(plan, partials);
          const others =
            followUp &&
            combine(
              followUp,
              views.map((view) => executePlan(followUp, view)),
            );
          return rounded(mergePartials(plan, partials, others));
        };
        const apart = answer((_, all) => all);
        const together = answer((own, all) => [overTheWire(combinePartials(own, all))]);
        const some = answer((own, all) => [
          combinePartials(own, [
            combinePartials(own, all.slice(0, cut + 1)),
            ...all.slice(cut + 1),
          ]),
        ]);
        expect(together).toEqual(apart);
        expect(some).toEqual(apart);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
