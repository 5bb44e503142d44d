import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema, type QueryInput } from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import {
  manyNumbers,
  withAutomaticBuckets,
  withDefinitions,
  withEdges,
  withSegments,
  withTrends,
} from './random-options.ts';
import {
  context,
  insightsQuery,
  query,
  randomFlow,
  randomFrequency,
  randomFunnel,
  randomInsights,
  randomRetention,
  world,
} from './random-worlds.ts';
import { rounded } from './rounded.ts';
import type { World } from './world.ts';

const settings = { numRuns: Math.ceil(propertyRuns / 4), seed: propertySeed };

/** What two shards answer, and one alone. */
function answers(things: World, question: QueryInput, asked: PlanContext): unknown[] {
  const alone = { ...asked, shardCount: 1 };
  return [
    rounded(ask(buildViews(things, 2), question, asked)),
    rounded(ask(buildViews(things, 1), question, alone)),
  ];
}

/** The same twice, as the model answers. */
function expected(things: World, question: QueryInput, asked: PlanContext): unknown[] {
  const one = rounded(naive(things, querySchema.parse(question), asked));
  return [one, one];
}

/** Numbers of a distribution are segments by themselves. */
const isWithoutDistribution = (question: QueryInput): boolean =>
  !JSON.stringify(question).includes('"type":"distribution"');

test(
  `has the segments that are named, and judges them against another, as the model does (seed ${propertySeed})`,
  () => {
    const asked = fc.oneof(insightsQuery, randomInsights, randomFunnel, randomRetention);
    const question = withSegments(asked).filter(isWithoutDistribution);
    fc.assert(
      fc.property(world, question, context, (things, own, zone) => {
        expect(answers(things, own, zone)).toEqual(expected(things, own, zone));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `cuts its own buckets from moment to moment as the model does (seed ${propertySeed})`,
  () => {
    const question = withEdges(fc.oneof(insightsQuery, randomInsights, randomFunnel));
    fc.assert(
      fc.property(world, question, context, (things, own, zone) => {
        expect(answers(things, own, zone)).toEqual(expected(things, own, zone));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `follows funnels by every unit as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, withTrends(randomFunnel), context, (things, own, zone) => {
        expect(answers(things, own, zone)).toEqual(expected(things, own, zone));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `leaves hidden events out of "any event" in every report as the model does (seed ${propertySeed})`,
  () => {
    const hidden = fc.constantFrom(['A'], ['B'], ['A', 'C']);
    fc.assert(
      fc.property(world, query, context, hidden, (things, question, zone, hiddenEvents) => {
        const definitions = { ...noDefinitions, hiddenEvents };
        const asked = { ...zone, definitions };
        expect(answers(things, question, asked)).toEqual(expected(things, question, asked));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `counts custom events in reports with all their options as the model does (seed ${propertySeed})`,
  () => {
    const asked = fc.oneof(
      randomInsights,
      randomFunnel,
      randomRetention,
      randomFrequency,
      randomFlow,
    );
    fc.assert(
      fc.property(world, withDefinitions(asked), context, (things, own, zone) => {
        expect(answers(things, own, zone)).toEqual(expected(things, own, zone));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `chooses buckets of numbers as the model does (seed ${propertySeed})`,
  () => {
    const asked = fc.oneof(
      randomInsights.filter((own) => !JSON.stringify(own).includes('"people"')),
      randomFunnel,
      randomRetention,
      randomFrequency,
      randomFlow,
    );
    fc.assert(
      fc.property(manyNumbers(world), withAutomaticBuckets(asked), context, (things, own, zone) => {
        expect(answers(things, own, zone)).toEqual(expected(things, own, zone));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);
