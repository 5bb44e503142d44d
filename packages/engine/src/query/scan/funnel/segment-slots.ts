import type { PropertyValue } from '@arbor/schema/property-value';
import type { PropertyRef } from '@arbor/schema/query';
import { slotIndex } from '../../exec/segments.ts';
import type { SlotIndex } from '../../exec/segments.ts';
import type { CodeArray, ScanSource } from '../scan-source.ts';
import type { AttemptTable } from './attempt-table.ts';
import type { AttributedValues } from './attributed-values.ts';

/** The segments of attempts: slots keep their numbers while further values come in. */
export interface SegmentSlots {
  /** Of the values known now. */
  readonly index: SlotIndex;
  /** Code of each attempt of the table, as `index` counts them. */
  codesOf(table: AttemptTable): CodeArray;
}

/** A person has one value, an attempt the first of its steps that is defined (5.8). */
export function segmentSlots(
  { scope, name }: PropertyRef,
  source: ScanSource,
  values: AttributedValues,
): SegmentSlots {
  if (scope === 'person') return personSlots(name, source);
  const at = values.indexOf(name);
  return {
    get index() {
      return slotIndex(values.dictionaryOf(at).values);
    },
    codesOf: (table) => {
      const { valueCount } = table.shape;
      const codes = new Uint32Array(table.count);
      const own = table.values.array;
      for (let i = 0; i < codes.length; i++) codes[i] = own[i * valueCount + at];
      return codes;
    },
  };
}

const noValues: readonly PropertyValue[] = [null];

function personSlots(name: string, source: ScanSource): SegmentSlots {
  const column = source.personColumn(name);
  return {
    index: slotIndex(column?.dictionary.values ?? noValues),
    codesOf: (table) => {
      const codes = new Uint32Array(table.count);
      if (!column) return codes;
      const users = table.users.array;
      for (let i = 0; i < codes.length; i++) codes[i] = column.codes[users[i]];
      return codes;
    },
  };
}
