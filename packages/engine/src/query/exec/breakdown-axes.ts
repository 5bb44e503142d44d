import type { PropertyValue } from '@arbor/schema/property-value';
import type { Segment } from '@arbor/schema/result';
import { unreachable } from '../../base/assert.ts';
import { sidesOf } from '../plan/cohorts-of-groups.ts';
import type { BreakdownPlan, ItemTestPlan, PropertyPlan, ZonePlan } from '../plan/plan-types.ts';
import { attributedShares } from './attribution.ts';
import type { Touches } from './attribution.ts';
import { bucketSegments } from './bucket-segments.ts';
import type { PropertyBreakdownPlan, SegmentsOfValue } from './bucket-segments.ts';
import { castValue, isList } from './computed-values.ts';
import type { Frame } from './frame.ts';
import { SlotList } from './slot-list.ts';
import type { SlotIndex } from './slot-list.ts';
import { emptyColumn } from './value-codes.ts';
import { passes } from './verdicts.ts';

/**
 * The segments of one breakdown: thing i of those asked for is at places[i], and has the slots from starts of
 * its place to the next start.
 */
export interface Axis extends SlotIndex {
  readonly places: Uint32Array;
  /** How much of the thing belongs to the slot, aligned with `slots`; null = all of it to each. */
  readonly weights: Float64Array | null;
}

export function breakdownAxis(
  breakdown: BreakdownPlan,
  zone: ZonePlan,
  things: Uint32Array,
  frame: Frame,
): Axis {
  if (breakdown.type === 'cohort') return cohortAxis(breakdown, things, frame);
  const { cast, ...uncast } = breakdown.property;
  // What is no number has a segment of its own, which it has not any more once it was read as one.
  const property: PropertyPlan = cast === 'number' ? uncast : breakdown.property;
  const segmentsOfValue = wantedItems(breakdown, bucketSegments(breakdown, zone));
  const touches = property.computed?.type === 'attributed' ? frame.touches?.(property) : undefined;
  return touches
    ? sharesAxis(touches, things, (touch) => segmentsOfValue(castValue(property.cast, touch)))
    : valueAxis(frame.column(property) ?? emptyColumn(frame.count), things, segmentsOfValue);
}

function passesTest(own: ItemTestPlan, item: PropertyValue): boolean {
  switch (own.type) {
    case 'property':
      return passes(own, castValue(own.property.cast, item));
    case 'all':
      return own.filters.every((inner) => passesTest(inner, item));
    case 'any':
      return own.filters.some((inner) => passesTest(inner, item));
    default:
      return unreachable(own);
  }
}

/** Only the items that pass the filters on the same property (3.6). */
function wantedItems(
  { items }: PropertyBreakdownPlan,
  segmentsOfValue: SegmentsOfValue,
): SegmentsOfValue {
  if (items === null || items.length === 0) return segmentsOfValue;
  const isWanted = (item: PropertyValue): boolean => items.every((own) => passesTest(own, item));
  return (value) => {
    if (!isList(value)) return isWanted(value) ? segmentsOfValue(value) : [];
    if (value.length === 0) return isWanted(null) ? segmentsOfValue(null) : [];
    const wanted = value.filter(isWanted);
    return wanted.length === 0 ? [] : segmentsOfValue(wanted);
  };
}

/** Places are the values that occur. */
function valueAxis(
  { codes, values }: { readonly codes: Uint32Array; readonly values: readonly PropertyValue[] },
  things: Uint32Array,
  segmentsOfValue: SegmentsOfValue,
): Axis {
  const places = new Uint32Array(things.length);
  // By code: its place and one more, 0 = has none yet.
  const known = new Uint32Array(Math.max(values.length, 1));
  const slots = new SlotList();
  for (let i = 0; i < things.length; i++) {
    const code = codes[things[i]];
    if (known[code] === 0) {
      known[code] = slots.addPlace(segmentsOfValue(code === 0 ? null : values[code])) + 1;
    }
    places[i] = known[code] - 1;
  }
  return { ...slots.finish(), places, weights: null };
}

/** Places are the things, each with the shares of its touches (14.6). */
function sharesAxis(touches: Touches, things: Uint32Array, segmentsOfValue: SegmentsOfValue): Axis {
  const { values } = touches.column;
  const list = new SlotList();
  for (let code = 0; code < Math.max(values.length, 1); code++) {
    list.addPlace(segmentsOfValue(code === 0 ? null : values[code]));
  }
  const { segments, ...touchSlots } = list.finish();
  const shares = attributedShares(things, touches, touchSlots);
  const places = new Uint32Array(things.length);
  for (let i = 0; i < places.length; i++) places[i] = i;
  return { segments, places, ...shares };
}

/** In or not in each cohort, which are judged each by itself (3.7); places are the combinations that occur. */
function cohortAxis(
  { cohorts }: Extract<BreakdownPlan, { type: 'cohort' }>,
  things: Uint32Array,
  frame: Frame,
): Axis {
  const events = cohorts.flatMap(({ ofGroups, ...own }) =>
    ofGroups ? [{ ...own, ofGroups }] : [],
  );
  if (events.length > 0) return groupCohortAxis(events, things, frame);
  const members = cohorts.map(({ index }) => frame.member(index));
  const places = new Uint32Array(things.length);
  const known = new Map<number, number>();
  const slots = new SlotList();
  for (let i = 0; i < things.length; i++) {
    // A query has at most twenty cohorts.
    let bits = 0;
    for (let n = 0; n < members.length; n++) bits |= members[n][things[i]] << n;
    let place = known.get(bits);
    if (place === undefined) {
      place = slots.addPlace(
        cohorts.map(({ name }, n) => ({
          type: ((bits >>> n) & 1) === 1 ? 'in' : 'not_in',
          text: name,
        })),
      );
      known.set(bits, place);
    }
    places[i] = place;
  }
  return { ...slots.finish(), places, weights: null };
}

/** The same of events of groups, which may lie in a cohort and outside of it by one group each (21). */
function groupCohortAxis(
  cohorts: readonly { readonly name: string; readonly ofGroups: PropertyPlan }[],
  things: Uint32Array,
  frame: Frame,
): Axis {
  const columns = cohorts.map(({ ofGroups }) => frame.column(ofGroups) ?? emptyColumn(frame.count));
  const sides = columns.map(({ values }) => values.map(sidesOf));
  const nowhere = sidesOf(null);
  const places = new Uint32Array(things.length);
  const known = new Map<number, number>();
  const slots = new SlotList();
  for (let i = 0; i < things.length; i++) {
    const own = columns.map(({ codes }, n) => sides[n][codes[things[i]]] ?? nowhere);
    // At most twenty cohorts, of which each has three states: a number holds them all.
    const state = own.reduce((all, side) => all * 4 + Number(side.in) * 2 + Number(side.out), 0);
    let place = known.get(state);
    if (place === undefined) {
      place = slots.addPlace(
        cohorts.flatMap(({ name }, n): Segment[] => [
          ...(own[n].in ? [{ type: 'in', text: name } as const] : []),
          ...(own[n].out ? [{ type: 'not_in', text: name } as const] : []),
        ]),
      );
      known.set(state, place);
    }
    places[i] = place;
  }
  return { ...slots.finish(), places, weights: null };
}
