import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListPoint } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import type { FlowGraph, FlowResult, Segment } from '@arbor/schema/result';
import { pickFlow } from '../../src/query/exec/flow-pick.ts';
import type { FlowPlan } from '../../src/query/plan/plan-types.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed } from './property-runs.ts';
import { sessionDefinitions } from './random-sessions.ts';
import { context, crowdedRange, crowdedWorld, randomFlow, world } from './random-worlds.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };
const timeoutMs = 30_000 + propertyRuns * 100;

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
  timeoutMs,
);

test(
  `lists as many paths behind a number as the number says (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(asked, context, ([things, question], zone) => {
        const views = buildViews(things, 2);
        const plan = planQuery(querySchema.parse(question), zone) as FlowPlan;
        const result = ask(views, question, zone) as FlowResult;
        const listed = (point: Extract<ListPoint, { type: 'flow' }>): number =>
          views.reduce((sum, view) => sum + pickFlow(plan, point, view).rows.length, 0);
        for (const { segment, graph } of graphsOf(result)) {
          for (const [point, count] of numbersOf(graph)) {
            expect(listed({ type: 'flow', ...point, segment })).toBe(count);
          }
        }
      }),
      { ...settings, numRuns: Math.ceil(propertyRuns / 3) },
    );
  },
  timeoutMs,
);

function graphsOf(flow: FlowResult): { segment: Segment | null; graph: FlowGraph }[] {
  return [
    { segment: null, graph: flow },
    ...flow.segments.slice(0, 2).map((graph) => ({ segment: graph.segment, graph })),
  ];
}

type FlowPoint = Omit<Extract<ListPoint, { type: 'flow' }>, 'type' | 'segment'>;

/** Every number of a graph with the point it is behind. */
function numbersOf({ steps }: FlowGraph): [FlowPoint, number][] {
  return steps.flatMap(({ anchor, step, nodes, dropOff, links }): [FlowPoint, number][] => [
    [{ anchor, step, node: null, link: null }, dropOff],
    ...nodes.map(({ key, count }): [FlowPoint, number] => [
      { anchor, step, node: key, link: null },
      count,
    ]),
    ...links.map(({ from, to, count }): [FlowPoint, number] => [
      { anchor, step, node: to, link: from },
      count,
    ]),
  ]);
}
