/**
 * An entry is a row in one slot (segment). A row whose value is a list has an entry in the slot of each
 * distinct item (3.6): slots of code c are slots[starts[c]] … slots[starts[c + 1] − 1].
 */
export function countEntries(rows: Uint32Array, codes: Uint32Array, starts: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]];
    count += starts[code + 1] - starts[code];
  }
  return count;
}

export function expandEntries(
  rows: Uint32Array,
  codes: Uint32Array,
  index: { readonly starts: Uint32Array; readonly slots: Uint32Array },
  out: { readonly rows: Uint32Array; readonly slots: Uint32Array },
): void {
  const { starts, slots } = index;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]];
    for (let at = starts[code]; at < starts[code + 1]; at++) {
      out.rows[count] = rows[i];
      out.slots[count++] = slots[at];
    }
  }
}

/** Renumbers the slots that occur from 0 on, in order; returns the old slot of each new one. */
export function compactSlots(slots: Uint32Array, slotCount: number): Uint32Array {
  const renumbered = new Uint32Array(slotCount);
  for (let i = 0; i < slots.length; i++) renumbered[slots[i]] = 1;
  let count = 0;
  for (let slot = 0; slot < slotCount; slot++) {
    if (renumbered[slot] === 1) renumbered[slot] = count++;
    else renumbered[slot] = 0xffff_ffff;
  }
  const originals = new Uint32Array(count);
  for (let slot = 0; slot < slotCount; slot++) {
    if (renumbered[slot] !== 0xffff_ffff) originals[renumbered[slot]] = slot;
  }
  for (let i = 0; i < slots.length; i++) slots[i] = renumbered[slots[i]];
  return originals;
}
