import type { ListQuery, QueryInput } from '@arbor/schema/query';
import type { ListResult } from '@arbor/schema/result';
import { executePlan } from '../../src/query/exec/execute.ts';
import type { Plan, PlanContext } from '../../src/query/plan/plan.ts';
import { workedSessionProperties } from '../../src/query/plan/session-events.ts';
import { answer } from './ask.ts';
import { buildViews } from './build-views.ts';
import type { World } from './world.ts';

export type AskedList = Pick<ListQuery, 'of' | 'point' | 'what'> & Partial<ListQuery>;

/** As a client sends it: the longest page, unless it says otherwise. */
export function listQuery(asked: AskedList): QueryInput {
  // What was parsed once is what may be sent: the types of inputs have the defaults left out.
  return { type: 'list', limit: 10_000, ...asked } as QueryInput;
}

/** A list over the rows of two shards, by the executors alone. */
export function listOf(things: World, asked: AskedList, zone: PlanContext): ListResult {
  const views = buildViews(things, 2);
  const names = propertyNames(things);
  return answer(listQuery(asked), zone, (plan) =>
    views.map((view) => executePlan(withNames(plan, names), view)),
  ) as ListResult;
}

/** What was sent, and what sessions have beside it (12). */
export function propertyNames({ events }: World): string[] {
  const sent = events.flatMap(({ properties }) => Object.keys(properties));
  return [...new Set([...sent, ...workedSessionProperties])];
}

/** What whoever holds the events finds out. */
export function withNames(plan: Plan, properties: readonly string[]): Plan {
  if (plan.type !== 'list' || plan.chosen === null) return plan;
  return { ...plan, chosen: { ...plan.chosen, properties } };
}

/** The entries of all pages, one page after the other. */
export function paged(
  things: World,
  asked: AskedList & { readonly limit: number },
  zone: PlanContext,
): unknown[] {
  const entries: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: ListResult = listOf(things, { ...asked, ...(cursor && { cursor }) }, zone);
    entries.push(...page[asked.what]);
    cursor = page.next;
  } while (cursor !== null);
  return entries;
}
