import { querySchema } from '@arbor/schema/query';
import type { Query, QueryInput } from '@arbor/schema/query';
import { queryResultSchema } from '@arbor/schema/result';
import type { QueryResult } from '@arbor/schema/result';
import { composeQuery } from '../../src/query/compose/compose.ts';
import { executePlan } from '../../src/query/exec/execute.ts';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { followUpPlan, mergePartials } from '../../src/query/merge/merge.ts';
import type { Partial } from '../../src/query/merge/merge.ts';
import { planQuery } from '../../src/query/plan/plan.ts';
import type { Plan, PlanContext } from '../../src/query/plan/plan.ts';

export type ResultOf<Q extends QueryInput> = Extract<QueryResult, { type: Q['type'] }>;

/** The instant most tests ask at: after everything that happens in them. */
export const later: PlanContext = {
  timezone: 'UTC',
  weekStart: 1,
  nowMs: Date.UTC(2030, 0, 1),
};

/** The way a query takes through the system: parsed, planned, sent as JSON, executed, sent back, merged. */
export function ask<const Q extends QueryInput>(
  views: readonly ShardView[],
  query: Q,
  context: PlanContext = later,
): ResultOf<Q> {
  return answer(query, context, (plan) =>
    views.map((view) => executePlan(plan, view)),
  ) as ResultOf<Q>;
}

/** The same with another way to execute a plan, which gives the partial results of all shards. */
export function answer(
  query: QueryInput,
  context: PlanContext,
  execute: (plan: Plan) => readonly Partial[],
): QueryResult {
  let step = composeQuery(querySchema.parse(query), context);
  while (step.type === 'ask') {
    step = step.next(step.queries.map((part) => answerPart(part, context, execute)));
  }
  return checked(step.result);
}

function answerPart(
  query: Query,
  context: PlanContext,
  execute: (plan: Plan) => readonly Partial[],
): QueryResult {
  const plan = planQuery(query, context);
  const partialsOf = (asked: Plan): Partial[] =>
    execute(overTheWire(asked)).map((partial) => overTheWire(partial));
  const partials = partialsOf(plan);
  const followUp = followUpPlan(plan, partials);
  return mergePartials(plan, partials, followUp && partialsOf(followUp));
}

/** The same for partial results that take their time. */
export async function answerAsync(
  query: QueryInput,
  context: PlanContext,
  execute: (plan: Plan) => Promise<readonly Partial[]>,
): Promise<QueryResult> {
  let step = composeQuery(querySchema.parse(query), context);
  while (step.type === 'ask') {
    const results: QueryResult[] = [];
    for (const part of step.queries) results.push(await answerPartAsync(part, context, execute));
    step = step.next(results);
  }
  return checked(step.result);
}

async function answerPartAsync(
  query: Query,
  context: PlanContext,
  execute: (plan: Plan) => Promise<readonly Partial[]>,
): Promise<QueryResult> {
  const plan = planQuery(query, context);
  const partials = await execute(overTheWire(plan));
  const followUp = followUpPlan(plan, partials);
  const others = followUp && (await execute(overTheWire(followUp)));
  return mergePartials(plan, partials, others);
}

/** Whoever reads the answer trusts its schema. */
function checked(result: QueryResult): QueryResult {
  return queryResultSchema.parse(result);
}

function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
