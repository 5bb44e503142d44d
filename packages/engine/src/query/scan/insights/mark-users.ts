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
  /** Ids by mark, all 0 between calls; `width` of them. */
  readonly even: Uint32Array;
  readonly odd: Uint32Array;
}

/** A part of a list of ids, which are counted from `base` on. */
interface Stretch {
  readonly from: number;
  readonly end: number;
  readonly base: number;
}

interface WindowSpan {
  readonly first: number;
  readonly last: number;
}

/** ids[from … end) − base count in the windows first … last of one slot. */
export function markInSlot(
  ids: Uint32Array,
  stretch: Stretch,
  slot: number,
  windows: WindowSpan,
  marks: Marks,
): void {
  // To go through all marks costs more than it spares where ids are few beside them.
  const isFew = (stretch.end - stretch.from) * 2 < windows.last;
  (isFew ? markFew : markMany)(ids, stretch, slot, windows, marks);
}

/**
 * Marks are counted first, and stretches of windows follow from how many ids have each mark: `marked` is
 * never beyond last + 1, and those who count already add empty stretches, whose ends cancel out. Two
 * counters take turns, because most ids of a day have the same few marks, and to count on where the
 * processor has just counted it must wait: 1.8 ns an id instead of 4.8 by writing `edges` for each.
 */
function markMany(
  ids: Uint32Array,
  { from, end, base }: Stretch,
  slot: number,
  { first, last }: WindowSpan,
  { marked, edges, fresh, width, even, odd }: Marks,
): void {
  const start = slot * width;
  const next = last + 1;
  let i = from;
  for (; i + 1 < end; i += 2) {
    const id = ids[i] - base;
    const before = marked[id];
    marked[id] = next;
    // The same id may come again.
    const otherId = ids[i + 1] - base;
    const otherBefore = marked[otherId];
    marked[otherId] = next;
    even[before]++;
    odd[otherBefore]++;
  }
  if (i < end) {
    const id = ids[i] - base;
    even[marked[id]]++;
    marked[id] = next;
  }
  fresh[slot] += even[0] + odd[0];
  for (let mark = 0; mark <= next; mark++) {
    edges[start + (mark > first ? mark : first)] += even[mark] + odd[mark];
    even[mark] = 0;
    odd[mark] = 0;
  }
  edges[start + next] -= end - from;
}

/**
 * The same of ids that come once each and count in none of these windows yet: only whether one was seen before need be
 * looked up, and nothing waits for what was counted last. Half the time of `markMany`.
 */
export function markNew(
  ids: Uint32Array,
  { from, end, base }: Stretch,
  slot: number,
  { first, last }: WindowSpan,
  { marked, edges, fresh, width }: Marks,
): void {
  const next = last + 1;
  let seen = 0;
  for (let i = from; i < end; i++) {
    const id = ids[i] - base;
    seen += -marked[id] >>> 31;
    marked[id] = next;
  }
  fresh[slot] += end - from - seen;
  edges[slot * width + first] += end - from;
  edges[slot * width + next] -= end - from;
}

/** Ends of stretches are written id by id. */
function markFew(
  ids: Uint32Array,
  { from, end, base }: Stretch,
  slot: number,
  { first, last }: WindowSpan,
  { marked, edges, fresh, width }: Marks,
): void {
  const start = slot * width;
  const next = last + 1;
  for (let i = from; i < end; i++) {
    const id = ids[i] - base;
    const before = marked[id];
    marked[id] = next;
    edges[start + (before > first ? before : first)]++;
    fresh[slot] += Number(before === 0);
  }
  edges[start + next] -= end - from;
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
