import type { ListPoint } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { segmentKey } from '../../merge/segment-groups.ts';
import { invalidQuery } from '../../plan/invalid-query.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import { entryBuckets, funnelCounts } from '../funnel.ts';
import type { Picked } from '../picked.ts';
import { createRowContext } from '../row-context.ts';
import type { ShardView } from '../shard-view.ts';
import { slotOf } from './attempt-segments.ts';
import type { Counted, FunnelCount } from './count-funnel.ts';

type FunnelPoint = Extract<ListPoint, { type: 'funnel' }>;

/**
 * The users behind one count of a funnel, and the events that did the step; of those who dropped out before it,
 * the events of the step before.
 */
export function pickFunnel(plan: FunnelPlan, point: FunnelPoint, stored: ShardView): Picked {
  const context = createRowContext(plan, stored);
  const { main, byBucket } = funnelCounts(plan, context);
  const { attempts, places } = countedAt(point, point.bucket === null ? main : byBucket);
  const { stepCount, stepRows, users } = attempts;
  const buckets =
    point.bucket === null ? null : entryBuckets(plan.buckets ?? [], attempts, places, context);
  const isDropped = point.outcome === 'dropped';
  const isUser = new Uint8Array(context.view.userCount + 1);
  const isRow = new Uint8Array(context.view.rowCount);
  for (let i = 0; i < places.length; i++) {
    if (buckets !== null && buckets[i] !== point.bucket) continue;
    const base = places[i] * stepCount;
    const row = stepRows[base + point.step - Number(isDropped)] ?? -1;
    const isBehind = row >= 0 && (!isDropped || stepRows[base + point.step] < 0);
    if (!isBehind || (isDropped && point.step === 0)) continue;
    isUser[users[places[i]]] = 1;
    isRow[row] = 1;
  }
  return { view: context.view, users: setPlaces(isUser), rows: setPlaces(isRow) };
}

function countedAt(point: FunnelPoint, count: FunnelCount): Counted {
  const { segment } = point;
  if (segment === null) return count.whole();
  const counted = count.segments(segment.type === 'other' ? keysBeside(point) : null);
  if (counted === null) return { ...count.whole(), places: new Uint32Array(0) };
  // A point names its segment as the answer does.
  const slot = slotOf(counted.segments, segment as Segment);
  const places = counted.places.filter((_, i) => counted.slots[i] === slot);
  return { attempts: counted.attempts, places };
}

/** Which segments are the others follows from those that came back, and these from all shards together. */
function keysBeside({ beside }: FunnelPoint): string[] {
  if (beside === undefined) {
    throw invalidQuery('the list of all other segments needs those beside it: name them');
  }
  return beside.map((segment) => segmentKey(segment as Segment));
}

function setPlaces(mask: Uint8Array): Uint32Array {
  const places = new Uint32Array(mask.reduce((sum, set) => sum + set, 0));
  let count = 0;
  for (let place = 0; place < mask.length; place++) if (mask[place] === 1) places[count++] = place;
  return places;
}
