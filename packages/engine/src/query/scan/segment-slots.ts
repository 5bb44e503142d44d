import type { PropertyValue } from '@arbor/schema/property-value';
import type { GrowableUint32 } from '../../base/growable.ts';
import { cohortSlots, slotIndex } from '../exec/segments.ts';
import { SlotList } from '../exec/slot-list.ts';
import type { SlotIndex } from '../exec/slot-list.ts';
import { otherSegment } from '../merge/funnel.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import { cohortOfColumn } from '../plan/split-cohorts.ts';
import { CombinedSlots } from './combined-slots.ts';
import type { ScanSource } from './scan-source.ts';
import type { AttributedValues } from './attributed-values.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';

/** What is put into segments: attempts of a funnel, births of a retention. */
export interface Attributed {
  readonly count: number;
  /** Ordinals. */
  readonly users: GrowableUint32;
  /** Ids of the `AttributedValues`: value v of thing i is at i × valueCount + v. */
  readonly values: GrowableUint32;
  readonly valueCount: number;
}

/** The segments of a breakdown: slots keep their numbers while further values come in. */
export interface SegmentSlots {
  /** Of the values known now. */
  readonly index: SlotIndex;
  /** Code of each thing, as `index` counts them. */
  codesOf(things: Attributed): Uint32Array;
}

/** By a property of persons: the value they have now (3.3). By one of events: the value that is attributed. */
export function segmentSlots(
  { scope, name }: PropertyPlan,
  source: ScanSource,
  values: AttributedValues,
): SegmentSlots {
  if (scope === 'person') return personSlots(name, source);
  const at = values.indexOf(name);
  return {
    get index() {
      return slotIndex(values.dictionaryOf(at).values);
    },
    codesOf: ({ count, values: { array: own }, valueCount }) => {
      const codes = new Uint32Array(count);
      for (let i = 0; i < codes.length; i++) codes[i] = own[i * valueCount + at];
      return codes;
    },
  };
}

/** Of one breakdown or several, which give a segment for each combination (3.7); null = there is none. */
export function slotsOf(
  breakdowns: readonly PropertyPlan[],
  source: ScanSource,
  values: AttributedValues,
): SegmentSlots | null {
  const axes = breakdowns.map((own) => segmentSlots(own, source, values));
  if (axes.length === 0) return null;
  return axes.length === 1 ? axes[0] : new CombinedSlots(axes);
}

/**
 * The one segment of all that do not come back by themselves (`listed`, by `segmentKey`): whatever lies in any other of
 * the slots is in it, once.
 */
export function otherSlots(slots: SegmentSlots, listed: readonly string[]): SegmentSlots {
  const keys = new Set(listed);
  let known: { readonly of: SlotIndex; readonly index: SlotIndex } | null = null;
  return {
    get index() {
      const of = slots.index;
      if (known?.of !== of) known = { of, index: otherIndex(of, keys) };
      return known.index;
    },
    codesOf: (things) => slots.codesOf(things),
  };
}

function otherIndex(
  { segments, starts, slots }: SlotIndex,
  listed: ReadonlySet<string>,
): SlotIndex {
  const isOther = segments.map((segment) => !listed.has(segmentKey(segment)));
  const list = new SlotList();
  for (let place = 0; place + 1 < starts.length; place++) {
    const own = slots.subarray(starts[place], starts[place + 1]);
    list.addPlace(own.some((slot) => isOther[slot]) ? [otherSegment] : []);
  }
  return list.finish();
}

const noValues: readonly PropertyValue[] = [null];

function personSlots(name: string, source: ScanSource): SegmentSlots {
  const column = source.personColumn(name);
  const cohort = cohortOfColumn(name);
  return {
    index: cohort === null ? slotIndex(column?.dictionary.values ?? noValues) : cohortSlots(cohort),
    codesOf: ({ count, users: { array: users } }) => {
      const codes = new Uint32Array(count);
      if (!column) return codes;
      for (let i = 0; i < codes.length; i++) codes[i] = column.codes[users[i]];
      return codes;
    },
  };
}
