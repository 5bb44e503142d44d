/** Masks hold 1 where a row passes and 0 where it does not. Codes index the verdicts. */

/** `mask[i] = verdicts[codes[i]]`. */
export function setByCode(codes: Uint32Array, verdicts: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] = verdicts[codes[i]];
}

/** Keeps of the mask what the verdict passes. */
export function narrowByCode(codes: Uint32Array, verdicts: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] &= verdicts[codes[i]];
}

/** Keeps of `mask` what `other` passes. */
export function narrow(mask: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] &= other[i];
}

/** Adds to `mask` what `other` passes. */
export function widen(mask: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] |= other[i];
}

/** Writes the rows with mask 1 and a time in [startMs, endMs), ascending; returns how many there are. */
export function selectRows(
  mask: Uint8Array,
  times: Float64Array,
  startMs: number,
  endMs: number,
  rows: Uint32Array,
): number {
  let count = 0;
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 1 && times[row] >= startMs && times[row] < endMs) rows[count++] = row;
  }
  return count;
}

/** `out[i] = values[index[i]]`. */
export function gather(values: Uint32Array, index: Uint32Array, out: Uint32Array): void {
  for (let i = 0; i < index.length; i++) out[i] = values[index[i]];
}

/** The same of doubles: one array class a function keeps the loop fast. */
export function gatherTimes(values: Float64Array, index: Uint32Array, out: Float64Array): void {
  for (let i = 0; i < index.length; i++) out[i] = values[index[i]];
}

/** The same of masks. */
export function gatherMask(values: Uint8Array, index: Uint32Array, out: Uint8Array): void {
  for (let i = 0; i < index.length; i++) out[i] = values[index[i]];
}
