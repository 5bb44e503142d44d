import type { PropertyValue } from '@arbor/schema/property-value';
import type { Steps } from '../../base/slices.ts';
import type { Texts } from './text-search.ts';

const valuesAStep = 16_384;

/** The texts of a dictionary by code, in lower case, to be searched; what is no text is empty. */
export interface EncodedValues {
  readonly values: readonly PropertyValue[];
  readonly texts: Texts;
}

/** `known` is those of an earlier state of the same dictionary, which is continued where the dictionary only grew. */
export function* encodeValues(
  values: readonly PropertyValue[],
  known: EncodedValues | undefined,
): Steps<EncodedValues> {
  if (known?.values === values) return known;
  const ends = new Uint32Array(values.length);
  let bytes = Buffer.allocUnsafe(2 ** 16);
  let start = 1;
  if (known !== undefined && (yield* beginsWith(values, known.values))) {
    start = known.values.length;
    ends.set(known.texts.ends);
    bytes = Buffer.concat([known.texts.bytes, bytes]);
  }
  for (let code = start; code < values.length; code++) {
    const value = values[code];
    const text = typeof value === 'string' ? value.toLowerCase() : '';
    const end = ends[code - 1];
    // A unit of UTF-16 is three bytes of UTF-8 at most.
    const most = end + text.length * 3;
    if (most > bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(most)]);
    ends[code] = end + bytes.write(text, end);
    if (code % valuesAStep === 0) yield;
  }
  const count = values.length - 1;
  return { values, texts: { bytes: bytes.subarray(0, ends[count]), ends, count, areLower: true } };
}

/** Whether the values begin with those that were known. */
function* beginsWith(
  values: readonly PropertyValue[],
  known: readonly PropertyValue[],
): Steps<boolean> {
  if (known.length > values.length) return false;
  for (let code = 1; code < known.length; code++) {
    if (values[code] !== known[code]) return false;
    if (code % (valuesAStep * 8) === 0) yield;
  }
  return true;
}
