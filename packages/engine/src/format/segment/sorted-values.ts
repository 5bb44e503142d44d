import type { PropertyValue } from '@arbor/schema/property-value';
import type { SegmentProperty } from './segment-rows.ts';

/**
 * The distinct values of a property in a segment, by code − 1. Codes follow from the values: first null,
 * false and true where they occur, then the numbers ascending, then the texts by UTF-16 units, then lists
 * and objects.
 *
 * **Why by value and not by frequency:** sorted texts share their beginnings and sorted numbers lie close to
 * each other, which makes the dictionary several times smaller; values of one kind (pages of items, of
 * categories) get neighbouring codes, so an event that has only these takes fewer bits; and a map from one
 * property to another becomes a slope. What frequency could save, the codec `ranked` saves where it is worth it.
 */
export interface SortedValues {
  readonly constants: readonly (boolean | null)[];
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
  readonly nested: readonly PropertyValue[];
}

/** In the order of codes; a bit each in the counts of a dictionary. */
export const constantValues: readonly (boolean | null)[] = [null, false, true];

/** The values that rows have, sorted, and by code of the property the new code (0 = no row has it). */
export function sortValues({ codes, values, inOrder }: SegmentProperty): {
  sorted: SortedValues;
  newCodes: Uint32Array;
} {
  const isUsed = new Uint8Array(values.length);
  for (let row = 0; row < codes.length; row++) isUsed[codes[row]] = 1;
  const kinds = inOrder ? usedOf(inOrder, isUsed) : sortKinds(valuesByKind(values, isUsed));
  const newCodes = new Uint32Array(values.length);
  let last = 0;
  // Texts may have become equal by losing lone surrogates: they then share a code.
  const number = <T>(list: readonly Coded<T>[]): T[] => {
    const kept: T[] = [];
    for (const { value, code } of list) {
      if (kept.length === 0 || !Object.is(kept[kept.length - 1], value)) {
        kept.push(value);
        last++;
      }
      newCodes[code] = last;
    }
    return kept;
  };
  const sorted = {
    constants: number(kinds.constants),
    numbers: number(kinds.numbers),
    texts: number(kinds.texts),
    nested: number(kinds.nested),
  };
  return { sorted, newCodes };
}

/** A value with its code in the property that is sorted. */
interface Coded<T> {
  readonly value: T;
  readonly code: number;
}

type ByKind = { [Kind in keyof SortedValues]: Coded<SortedValues[Kind][number]>[] };

/** All values of a property, each kind in the order of a segment. */
export type ValuesInOrder = {
  readonly [Kind in keyof ByKind]: readonly ByKind[Kind][number][];
};

/** The values from code 1 on. */
export function valuesInOrder(values: readonly PropertyValue[]): ValuesInOrder {
  return sortKinds(valuesByKind(values, new Uint8Array(values.length).fill(1)));
}

function usedOf({ constants, numbers, texts, nested }: ValuesInOrder, isUsed: Uint8Array): ByKind {
  const used = <T>(list: readonly Coded<T>[]): Coded<T>[] =>
    list.filter(({ code }) => isUsed[code] === 1);
  return {
    constants: used(constants),
    numbers: used(numbers),
    texts: used(texts),
    nested: used(nested),
  };
}

/** Sorts in place; values that are equal stay in the order of their codes. */
function sortKinds(kinds: ByKind): ByKind {
  kinds.constants.sort((a, b) => constantValues.indexOf(a.value) - constantValues.indexOf(b.value));
  kinds.numbers.sort((a, b) => a.value - b.value);
  kinds.texts.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  return kinds;
}

function valuesByKind(values: readonly PropertyValue[], isUsed: Uint8Array): ByKind {
  const kinds: ByKind = { constants: [], numbers: [], texts: [], nested: [] };
  for (let code = 1; code < values.length; code++) {
    if (isUsed[code] === 0) continue;
    const value = values[code];
    if (typeof value === 'number') kinds.numbers.push({ value, code });
    else if (typeof value === 'string') kinds.texts.push({ value: wellFormed(value), code });
    else if (value === null || typeof value === 'boolean') kinds.constants.push({ value, code });
    else kinds.nested.push({ value, code });
  }
  return kinds;
}

const loneSurrogate = /\p{Surrogate}/u;

/** The text as UTF-8 can hold it: as everywhere in Arbor, a lone surrogate becomes U+FFFD. */
function wellFormed(text: string): string {
  return loneSurrogate.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
}
