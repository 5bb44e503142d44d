import type { ListPoint, Query } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { askedWorld } from './naive-asked.ts';
import { withAutoBuckets } from './naive-auto-buckets.ts';
import { naiveCohort, withFrozenCohorts } from './naive-cohort.ts';
import { naiveCompared } from './naive-compared.ts';
import { naiveFlow, naiveFlowUsers } from './naive-flow.ts';
import { naiveFrequency, naiveFrequencyUsers } from './naive-frequency.ts';
import { naiveFunnel, naiveFunnelUsers } from './naive-funnel.ts';
import { cohortWorld, countedQuery, countedWorld } from './naive-groups.ts';
import { naiveInsights } from './naive-insights.ts';
import { naiveRetention, naiveRetentionUsers } from './naive-retention.ts';
import { withSessionEvents } from './naive-sessions.ts';
import { naiveUsersList } from './naive-users.ts';
import type { World } from './world.ts';

/**
 * The whole engine over arrays of plain objects, written from reports.md and from nothing of the
 * engine's. It is slow and has no clever step: what it says is right.
 */
export function naive(stored: World, asked: Query, context: PlanContext): QueryResult {
  const { world, query } = prepared(stored, asked, context);
  switch (query.type) {
    case 'insights':
      return naiveInsights(world, query, context);
    case 'funnel':
      if (query.compare !== undefined) return naiveCompared(world, query, context);
      return naiveFunnel(world, query, context);
    case 'retention':
      if (query.compare !== undefined) return naiveCompared(world, query, context);
      return naiveRetention(world, query, context);
    case 'frequency':
      return naiveFrequency(world, query, context);
    case 'cohort':
      return naiveCohort(world, query, context);
    case 'flow':
      return naiveFlow(world, query, context);
    case 'users':
      return naiveUsersList(world, query, context);
    case 'list':
      throw new Error('who is behind a number is what naiveUsers says');
  }
}

/** Who is behind a number (4.6), where the reports that users make alone do not say it. */
export function naiveUsers(
  stored: World,
  asked: Query,
  context: PlanContext,
  point: ListPoint,
): string[] | null {
  const { world, query } = prepared(stored, asked, context);
  if (query.type === 'retention' && point.type === 'retention' && query.compare === undefined) {
    return naiveRetentionUsers(world, query, context, point);
  }
  if (query.type === 'frequency' && point.type === 'frequency') {
    return naiveFrequencyUsers(world, query, context, point);
  }
  if (query.type === 'funnel' && point.type === 'funnel' && query.compare === undefined) {
    return naiveFunnelUsers(world, query, context, point);
  }
  if (query.type === 'flow' && (point.type === 'flow' || point.type === 'flow_path')) {
    return naiveFlowUsers(world, query, context, point);
  }
  return null;
}

function prepared(stored: World, given: Query, context: PlanContext) {
  const asked = countedQuery(given);
  const namesSessions = /"\$session_(start|end)"/.test(JSON.stringify(asked));
  const hidden = [...(stored.hiddenEvents ?? []), ...(context.definitions?.hiddenEvents ?? [])];
  const visible = hidden.length === 0 ? stored : { ...stored, hiddenEvents: hidden };
  const seen = (own: World): World =>
    askedWorld(namesSessions ? withSessionEvents(own, context) : own, asked, context);
  const world = seen(countedWorld(visible, asked));
  // A cohort looks at its own as of many moments.
  const judged = seen(cohortWorld(visible, asked));
  const query = asked.type === 'cohort' ? asked : withFrozenCohorts(asked, judged, context);
  return { world, query: withAutoBuckets(query, world, context) };
}
