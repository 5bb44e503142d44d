import { listQuerySchema } from '@arbor/schema/query';
import type { ListQuery, Query } from '@arbor/schema/query';
import { unreachable } from '../../base/assert.ts';
import { calendar } from './calendar.ts';
import { planCohort } from './cohort.ts';
import { planScope } from './conditions.ts';
import { planFlow } from './flow.ts';
import { planFrequency } from './frequency.ts';
import { planFunnel } from './funnel.ts';
import { planInsights } from './insights.ts';
import { invalidQuery } from './invalid-query.ts';
import { readListCursor } from './list-cursor.ts';
import { checkPoint } from './list-point.ts';
import { listedReport } from './listed-report.ts';
import { noDefinitions } from './plan-scope.ts';
import type { PlanScope, ProjectDefinitions } from './plan-scope.ts';
import type { ListPlan, Plan } from './plan-types.ts';
import { planVersion } from './plan-version.ts';
import { planRetention } from './retention.ts';
import { planUsers } from './users.ts';

export { countsTogether } from './counted-groups.ts';
export type { Plan } from './plan-types.ts';
export type { ProjectDefinitions } from './plan-scope.ts';

/** What a query needs to know of its project and of the moment it is asked. */
export interface PlanContext {
  readonly timezone: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekStart: number;
  /** The month in which a quarter starts (2.1); absent = January. */
  readonly quarterStart?: number;
  readonly nowMs: number;
  /** How many shards are asked; absent = not known. One that has everything ranks segments itself. */
  readonly shardCount?: number;
  /** Absent: the project has defined nothing. */
  readonly definitions?: ProjectDefinitions;
}

/**
 * Compiles a query to a plan. Throws an `EngineError` with code `INVALID_QUERY` and a text for the
 * user where the query passes the schema and still means nothing.
 */
export function planQuery(query: Query, context: PlanContext): Plan {
  const newScope = (): PlanScope =>
    planScope({
      calendar: calendar(context),
      nowMs: context.nowMs,
      definitions: context.definitions ?? noDefinitions,
      list: (list) => planMembership(list, context, groupKeyOf(query)),
      ...(groupKeyOf(query) !== undefined && { ofGroups: true }),
    });
  const scope = newScope();
  switch (query.type) {
    case 'insights':
      return planInsights(query, scope, context.shardCount);
    case 'funnel':
      return planFunnel(query, scope);
    case 'retention':
      return planRetention(query, scope);
    case 'frequency':
      return planFrequency(query, scope);
    case 'flow':
      return planFlow(query, scope);
    case 'cohort':
      return planCohort(query, scope);
    case 'list':
      return planList(query, context);
    case 'users':
      return planUsers(query, newScope);
    default:
      return unreachable(query);
  }
}

/** What is asked of users alone. */
function isOfUsers(query: Query): query is Extract<Query, { type: 'list' | 'cohort' | 'users' }> {
  return query.type === 'list' || query.type === 'cohort' || query.type === 'users';
}

/** The groups that a report counts; undefined = it counts users. */
function groupKeyOf(query: Query): string | undefined {
  return isOfUsers(query) ? undefined : query.groupKey;
}

function planList(query: ListQuery, context: PlanContext): ListPlan {
  const { what, columns, limit, counted: isCounted, cursor } = query;
  const zone = calendar(context);
  const { of, point } = listedReport(query, { calendar: zone, nowMs: context.nowMs });
  // A list needs all of them, whatever the report shows.
  const { shardCount: _, ...rest } = context;
  const report = planQuery(of, rest);
  if (report.type === 'list' || report.type === 'users')
    throw invalidQuery('a list has no numbers to look behind');
  checkPoint(point, report);
  const { startMs, endMs, nowMs } = report;
  return {
    type: 'list',
    version: planVersion,
    startMs,
    endMs,
    nowMs,
    of: report,
    point,
    what,
    columns,
    limit,
    isCounted,
    after: cursor === undefined ? null : readListCursor(cursor, what),
    chosen: null,
  };
}

/** The list that a condition of a report names, `groupKey`: of the report. Nested queries are checked where they are planned. */
function planMembership(
  list: unknown,
  context: PlanContext,
  groupKey: string | undefined,
): ListPlan {
  const parsed = listQuerySchema.safeParse(list);
  if (!parsed.success) {
    throw invalidQuery(`a condition names no number of a report: ${parsed.error.message}`);
  }
  const behind = groupKeyOf(parsed.data.of);
  if (behind !== undefined && behind !== groupKey) {
    throw invalidQuery(
      `a condition names groups of "${behind}", and the report does not count them: give it this groupKey`,
    );
  }
  return planList(parsed.data, context);
}
