import type { FunnelQuery, ListPoint, ListQuery, RetentionQuery } from '@arbor/schema/query';
import { comparedFunnel, comparedRetention } from './compared-report.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';

type TimeScope = Pick<PlanScope, 'calendar' | 'nowMs'>;
type Listed = Pick<ListQuery, 'of' | 'point'>;
type PointOf<Type extends ListPoint['type']> = Extract<ListPoint, { type: Type }>;

/** A number of a funnel, or of what it is compared with, as one of a funnel that shards answer by themselves. */
export function listedSteps(
  { compare, ...now }: FunnelQuery,
  { compared = false, ...point }: PointOf<'funnel'>,
  scope: TimeScope,
): Listed {
  if (!compared) return { of: now, point };
  if (compare === undefined) throw comparedWithNothing();
  const { query, moved } = comparedFunnel(now, compare, scope);
  if (moved === null || point.bucket === null) return { of: query, point };
  const at = placeOf('bucket', point.bucket, moved.places);
  const count = moved.places.length;
  if (at < count || moved.beyond === null) return { of: query, point: { ...point, bucket: at } };
  return { of: moved.beyond, point: { ...point, bucket: at - count } };
}

/** The same of a retention. */
export function listedCohorts(
  { compare, ...now }: RetentionQuery,
  { compared = false, ...point }: PointOf<'retention'>,
  scope: TimeScope,
): Listed {
  if (!compared) return { of: now, point };
  if (compare === undefined) throw comparedWithNothing();
  const { query, moved } = comparedRetention(now, compare, scope);
  // What is of all cohorts together has them where they are.
  if (moved === null || point.cohort === null) return { of: query, point };
  const at = placeOf('cohort', point.cohort, moved.places);
  const count = moved.places.length;
  if (at < count || moved.beyond === null) return { of: query, point: { ...point, cohort: at } };
  // The first cohort there is the whole of the time before.
  return { of: moved.beyond, point: { ...point, cohort: at - count + 1 } };
}

function placeOf(what: string, index: number, places: readonly number[]): number {
  if (index < places.length) return places[index];
  throw invalidQuery(`the report has no ${what} ${index}: the last is ${places.length - 1}`);
}

function comparedWithNothing() {
  return invalidQuery('the report is compared with nothing: name a number of its own');
}
