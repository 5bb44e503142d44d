import fc from 'fast-check';
import { expect, test } from 'vitest';
import { funnelQuerySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { askedWorld } from './naive-asked.ts';
import { naiveFunnel } from './naive-funnel.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { sessionDefinitions } from './random-sessions.ts';
import {
  context,
  crowdedRange,
  crowdedWorld,
  randomFunnel,
  randomFunnelBetween,
  world,
} from './random-worlds.ts';
import { rounded } from './rounded.ts';
import type { World } from './world.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

function model(things: World, question: QueryInput, context: PlanContext) {
  const query = funnelQuerySchema.parse(question);
  return naiveFunnel(askedWorld(things, query, context), query, context);
}

test(
  `answers funnels with any options as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        world,
        randomFunnel,
        context,
        sessionDefinitions,
        (things, question, zone, definitions) => {
          const asked = { ...zone, definitions };
          const expected = model(things, question, asked);
          expect(rounded(ask(buildViews(things, 2), question, asked))).toEqual(rounded(expected));
        },
      ),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `answers them where many events share an instant as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        crowdedWorld,
        randomFunnel,
        crowdedRange,
        context,
        (things, asked, range, zone) => {
          const question = { ...asked, range };
          const expected = model(things, question, zone);
          expect(rounded(ask(buildViews(things, 2), question, zone))).toEqual(rounded(expected));
        },
      ),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `answers what lies between steps as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(
        crowdedWorld,
        randomFunnelBetween,
        crowdedRange,
        context,
        (things, asked, range, zone) => {
          const question = { ...asked, range };
          const expected = model(things, question, zone);
          expect(rounded(ask(buildViews(things, 2), question, zone))).toEqual(rounded(expected));
        },
      ),
      settings,
    );
  },
  propertyTimeoutMs,
);
