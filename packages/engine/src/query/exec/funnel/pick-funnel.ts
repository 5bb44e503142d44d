import type { ListPoint } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { segmentKey } from '../../merge/segment-groups.ts';
import { invalidQuery } from '../../plan/invalid-query.ts';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import type { Attempts } from '../attempts.ts';
import { entryBuckets, funnelCounts, isOpen } from '../funnel.ts';
import type { Picked } from '../picked.ts';
import { createRowContext } from '../row-context.ts';
import type { RowContext } from '../row-context.ts';
import type { ShardView } from '../shard-view.ts';
import { slotOf } from './attempt-segments.ts';
import type { Counted, FunnelCount } from './count-funnel.ts';
import { durationBetween } from './funnel-cells.ts';
import type { FunnelRows } from './funnel-rows.ts';
import { StepPaths } from './step-paths.ts';

type FunnelPoint = Extract<ListPoint, { type: 'funnel' }>;

/**
 * The users behind one count of a funnel, and the events that did the step; of those who dropped out before it,
 * the events of the step before. One event an attempt.
 */
export function pickFunnel(plan: FunnelPlan, point: FunnelPoint, stored: ShardView): Picked {
  const context = createRowContext(plan, stored);
  const { main, byBucket, rows } = funnelCounts(plan, context);
  const { attempts, places } = countedAt(point, point.bucket === null ? main : byBucket);
  const rowOf = rowsBehind(plan, point, attempts, context);
  const isOnPath = pathTest(plan, point, attempts, rows);
  const buckets =
    point.bucket === null ? null : entryBuckets(plan.buckets ?? [], attempts, places, context);
  const isUser = new Uint8Array(context.view.userCount + 1);
  const isRow = new Uint8Array(context.view.rowCount);
  for (let i = 0; i < places.length; i++) {
    if (buckets !== null && buckets[i] !== point.bucket) continue;
    const row = rowOf(places[i]);
    if (row < 0 || !isOnPath(places[i])) continue;
    isUser[attempts.users[places[i]]] = 1;
    isRow[row] = 1;
  }
  return { view: context.view, users: setPlaces(isUser), rows: setPlaces(isRow) };
}

/** By place of an attempt: the row that stands for it, −1 = it is not behind the number. */
function rowsBehind(
  plan: FunnelPlan,
  { step, outcome, took }: FunnelPoint,
  attempts: Attempts,
  context: RowContext,
): (place: number) => number {
  const { stepCount, stepRows } = attempts;
  const at = (place: number, own: number): number => stepRows[place * stepCount + own];
  if (outcome === 'dropped') {
    return (place) => (at(place, step) >= 0 ? -1 : at(place, step - 1));
  }
  if (outcome === 'open') {
    return (place) => (isOpen(plan, attempts, place, context) ? at(place, step) : -1);
  }
  if (took === undefined) return (place) => at(place, step);
  const { times } = context.view;
  return (place) => {
    const row = at(place, step);
    if (row < 0) return -1;
    const tookMs = durationBetween(times, at(place, took.from), row);
    return tookMs >= took.startMs && tookMs < took.endMs ? row : -1;
  };
}

function pathTest(
  plan: FunnelPlan,
  { path }: FunnelPoint,
  attempts: Attempts,
  { steps }: FunnelRows,
): (place: number) => boolean {
  if (path === undefined) return () => true;
  const stepPaths = new StepPaths(plan, steps);
  return (place) => {
    const done = stepPaths.of(attempts, place);
    return path.every((step, i) => done[i] === step);
  };
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
