/** A number a user or id that is at most the number of windows + 1. */
export type MarkArray = Uint8Array | Uint16Array;

/**
 * Users counted in windows of time. Days come in ascending order, and windows never fall, so what a user
 * (or a user in a segment: an `id`) adds lies after what he is counted in already: one number an id,
 * `marked` = the first window in which he does not count yet, replaces a set of users a window. 0 = he
 * has not been seen.
 *
 * Only the ends of each stretch of windows are written (`edges`, one longer than there are windows, by
 * slot): summing along them gives the counts.
 */
export interface Marks {
  /** The narrower where it holds every window: half the memory is twice the users in the cache. */
  readonly marked: MarkArray;
  readonly edges: Float64Array;
  /** Ids seen for the first time, by slot. */
  readonly fresh: Float64Array;
  /** Windows + 1: cells of `edges` a slot. */
  readonly width: number;
}

/**
 * ids[from … end) − base count in the windows first … last of one slot.
 *
 * Without a branch, because whether a user is new cannot be foreseen: `marked` is never beyond last + 1, so
 * it may always be set, and one who counts already adds an empty stretch, whose ends cancel out.
 */
export function markInSlot(
  ids: Uint32Array,
  { from, end, base }: { readonly from: number; readonly end: number; readonly base: number },
  slot: number,
  { first, last }: { readonly first: number; readonly last: number },
  { marked, edges, fresh, width }: Marks,
): void {
  const start = slot * width;
  const next = last + 1;
  let unseen = 0;
  if (first === last) {
    // Marks are at most first + 1 here, so that the stretch is one window or nothing.
    let added = 0;
    for (let i = from; i < end; i++) {
      const id = ids[i] - base;
      const before = marked[id];
      marked[id] = next;
      added += Number(before < next);
      unseen += Number(before === 0);
    }
    edges[start + first] += added;
    edges[start + next] -= added;
  } else {
    for (let i = from; i < end; i++) {
      const id = ids[i] - base;
      const before = marked[id];
      marked[id] = next;
      edges[start + (before > first ? before : first)]++;
      unseen += Number(before === 0);
    }
    edges[start + next] -= end - from;
  }
  fresh[slot] += unseen;
}

/** The same where slots[i] is the slot of ids[i]. */
export function markInSlots(
  ids: Uint32Array,
  slots: Uint32Array,
  count: number,
  { first, last }: { readonly first: number; readonly last: number },
  { marked, edges, fresh, width }: Marks,
): void {
  const next = last + 1;
  for (let i = 0; i < count; i++) {
    const id = ids[i];
    const before = marked[id];
    if (before >= next) continue;
    const slot = slots[i];
    const base = slot * width;
    if (before === 0) fresh[slot]++;
    edges[base + (before > first ? before : first)]++;
    edges[base + next]--;
    marked[id] = next;
  }
}

/** Which windows the pieces of a day count in, less the first piece of the day; none where first > last. */
export interface PieceWindows {
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Index of the day's first piece in both. */
  readonly offset: number;
}

/**
 * Counts what a day of several pieces has gathered: bit p of masks[touched[i]] = active in piece p. The
 * pieces of an id are taken in the order of time. Leaves the masks as they are: other counters read them.
 */
export function markTouched(
  { ids, slots, count }: { ids: Uint32Array; slots: Uint32Array; count: number },
  masks: Uint32Array,
  { first, last, offset }: PieceWindows,
  { marked, edges, fresh, width }: Marks,
): void {
  for (let i = 0; i < count; i++) {
    const id = ids[i];
    const slot = slots[i];
    const base = slot * width;
    let before = marked[id];
    for (let mask = masks[id]; mask !== 0; mask &= mask - 1) {
      const piece = offset + 31 - Math.clz32(mask & -mask);
      const next = last[piece] + 1;
      const begin = before > first[piece] ? before : first[piece];
      if (begin >= next) continue;
      if (before === 0) fresh[slot]++;
      edges[base + begin]++;
      edges[base + next]--;
      before = next;
    }
    marked[id] = before;
  }
}

/** Adds the pieces of each id to its mask, and lists ids whose mask was empty. Returns how many are listed. */
export function gatherPieces(
  ids: Uint32Array,
  slots: Uint32Array | null,
  pieces: Uint32Array,
  count: number,
  masks: Uint32Array,
  touched: { readonly ids: Uint32Array; readonly slots: Uint32Array; readonly count: number },
): number {
  let listed = touched.count;
  for (let i = 0; i < count; i++) {
    const id = ids[i];
    if (masks[id] === 0) {
      touched.ids[listed] = id;
      touched.slots[listed++] = slots === null ? 0 : slots[i];
    }
    masks[id] |= pieces[i];
  }
  return listed;
}
