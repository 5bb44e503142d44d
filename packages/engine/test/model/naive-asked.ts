import type { Query } from '@arbor/schema/query';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { edgeSpan } from './naive-comparison.ts';
import { matches } from './naive-selection.ts';
import { bucketsNear, cut, naiveRange } from './naive-time.ts';
import type { World } from './world.ts';

/** The world as a question sees it: formulas know what now is, behaviours which time is looked at. */
export function askedWorld(world: World, query: Query, context: PlanContext): World {
  if (query.type === 'list') return askedWorld(world, query.of, context);
  if (query.type === 'cohort' || query.type === 'users') {
    return {
      ...world,
      asked: { context, range: { startMs: 0, endMs: 0 }, buckets: null, matches },
    };
  }
  const own = 'edges' in query && query.edges ? edgeSpan(query.edges, context) : null;
  const range = own?.range ?? naiveRange(query.range.from, query.range.to, context.timezone);
  const hasBehaviors = JSON.stringify(query).includes('"behavior"');
  const buckets =
    hasBehaviors && query.type === 'insights' && query.unit !== 'total'
      ? (own?.buckets ?? cut(bucketsNear(query.unit, context, range), range, context.nowMs))
      : null;
  return { ...world, asked: { context, range, buckets, matches } };
}
