import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { cohortMetric } from './random-cohort-metric.ts';
import { randomCompared } from './random-compared.ts';
import { funnelMetric } from './random-funnel-metric.ts';
import { countingQuery, groupQuery, worldOfGroups } from './random-groups.ts';
import {
  manyNumbers,
  withAutomaticBuckets,
  withDefinitions,
  withEdges,
  withSegments,
  withTrends,
} from './random-options.ts';
import { propertyQuery, richDefinitions, richWorld } from './random-properties.ts';
import { retentionMetric } from './random-retention-metric.ts';
import { onSessionEvents, sessionDefinitions, sessionQuestion } from './random-sessions.ts';
import {
  context,
  crowdedRange,
  crowdedWorld,
  insightsQuery,
  query,
  randomComposed,
  randomFlow,
  randomFrequency,
  randomFunnel,
  randomFunnelBetween,
  randomInsights,
  randomRetention,
  world,
} from './random-worlds.ts';
import type { World } from './world.ts';

/** A question about a world, as one of a project asks it. */
export interface Asking {
  /** What it tries, for whoever counts what was tried. */
  readonly kind: string;
  readonly things: World;
  readonly question: QueryInput;
  readonly context: PlanContext;
}

const dayMs = 86_400_000;

type Definitions = NonNullable<PlanContext['definitions']>;

interface Parts {
  readonly things?: fc.Arbitrary<World>;
  readonly question: fc.Arbitrary<QueryInput>;
  readonly definitions?: fc.Arbitrary<Definitions>;
  /** How much later it is asked, for questions about the year after. */
  readonly laterMs?: number;
}

function asking(kind: string, parts: Parts): fc.Arbitrary<Asking> {
  const { things = world, question, definitions, laterMs = 0 } = parts;
  return fc
    .tuple(things, question, context, definitions ?? fc.constant(noDefinitions))
    .map(([own, asked, zone, said]) => ({
      kind,
      things: own,
      question: asked,
      context: { ...zone, nowMs: zone.nowMs + laterMs, definitions: said },
    }));
}

/** In a few hours in which most events share their instant with others. */
function crowded(question: fc.Arbitrary<QueryInput>): fc.Arbitrary<QueryInput> {
  return fc
    .tuple(question, crowdedRange)
    .map(([asked, range]) => ('range' in asked ? ({ ...asked, range } as QueryInput) : asked));
}

/** Numbers of a distribution are segments by themselves. */
const isWithoutDistribution = (question: QueryInput): boolean =>
  !JSON.stringify(question).includes('"type":"distribution"');

const reports = fc.oneof(
  randomInsights,
  randomFunnel,
  randomRetention,
  randomFrequency,
  randomFlow,
);

const metrics = fc.oneof(randomInsights, insightsQuery);

const byNumbers = fc.oneof(
  randomInsights.filter((own) => !JSON.stringify(own).includes('"people"')),
  randomFunnel,
  randomRetention,
  randomFrequency,
  randomFlow,
);

const hidden = fc
  .constantFrom(['A'], ['B'], ['A', 'C'])
  .map((hiddenEvents): Definitions => ({ ...noDefinitions, hiddenEvents }));

const rich = fc.constant(richDefinitions);

/** All reports with all options, each in its turn: whoever draws one tries something that another part of them has not. */
export const randomQuestion: fc.Arbitrary<Asking> = fc.oneof(
  asking('every report', { question: query }),
  asking('at few instants', { things: crowdedWorld, question: crowded(query) }),
  asking('measures', { question: randomInsights }),
  asking('formulas, rolling, running, other times', { question: randomComposed }),
  asking('funnels', { question: randomFunnel, definitions: sessionDefinitions }),
  asking('between steps', {
    things: crowdedWorld,
    question: crowded(randomFunnelBetween),
  }),
  asking('retention', { question: randomRetention }),
  asking('flows', { question: randomFlow, definitions: sessionDefinitions }),
  asking('frequency', { question: randomFrequency }),
  asking('other times of funnels and retentions', {
    question: randomCompared,
    laterMs: 400 * dayMs,
  }),
  asking('reports as metrics', { question: fc.oneof(funnelMetric, retentionMetric, cohortMetric) }),
  asking('segments by name, control', {
    question: withSegments(fc.oneof(metrics, randomFunnel, randomRetention)).filter(
      isWithoutDistribution,
    ),
  }),
  asking('own edges', { question: withEdges(fc.oneof(metrics, randomFunnel)) }),
  asking('trends', { question: withTrends(randomFunnel) }),
  asking('hidden events', { question: query, definitions: hidden }),
  asking('custom events', { question: withDefinitions(reports) }),
  asking('automatic buckets', {
    things: manyNumbers(world),
    question: withAutomaticBuckets(byNumbers),
  }),
  asking('session events', {
    things: fc.oneof(world, crowdedWorld),
    question: fc.oneof(sessionQuestion, query.map(onSessionEvents)),
    definitions: sessionDefinitions,
  }),
  asking('properties', { things: richWorld, question: propertyQuery, definitions: rich }),
  asking('properties of groups', {
    things: worldOfGroups,
    question: groupQuery,
    definitions: rich,
  }),
  asking('counting groups', {
    things: worldOfGroups,
    question: countingQuery,
    definitions: rich,
  }),
);
