import type { RetentionWindow } from './retention-window.ts';

/**
 * What of one birth counts, a hit for each: an entry, the interval that it counts in and the segment (slot)
 * of the entry. The criterion decides which entries are hits; cells are added up from hits.
 */
export interface RetentionHits {
  count: number;
  readonly entries: Uint32Array;
  readonly intervals: Int32Array;
}

/** What is remembered by slot while the entries of one birth are gone through: valid where the stamp is the birth's. */
export interface SlotStates {
  readonly stamps: Uint32Array;
  readonly states: Int32Array;
}

/** One hit for each interval with an entry. `stamp` is new for each birth, and never 0. */
export function hitsOn(
  { first, end, intervals }: RetentionWindow,
  slots: Uint32Array,
  stamp: number,
  { stamps, states }: SlotStates,
  hits: RetentionHits,
): void {
  let count = 0;
  for (let entry = first; entry < end; entry++) {
    const interval = intervals[entry];
    const slot = slots[entry];
    if (interval < 0 || (stamps[slot] === stamp && states[slot] === interval)) continue;
    stamps[slot] = stamp;
    states[slot] = interval;
    hits.entries[count] = entry;
    hits.intervals[count++] = interval;
  }
  hits.count = count;
}

/** One hit: the first interval with an entry. */
export function hitsFirst(
  { first, end, intervals }: RetentionWindow,
  slots: Uint32Array,
  stamp: number,
  { stamps }: SlotStates,
  hits: RetentionHits,
): void {
  let count = 0;
  for (let entry = first; entry < end; entry++) {
    if (intervals[entry] < 0 || stamps[slots[entry]] === stamp) continue;
    stamps[slots[entry]] = stamp;
    hits.entries[count] = entry;
    hits.intervals[count++] = intervals[entry];
  }
  hits.count = count;
}

/** One hit: the last interval with an entry. */
export function hitsLast(
  { first, end, intervals }: RetentionWindow,
  slots: Uint32Array,
  stamp: number,
  { stamps }: SlotStates,
  hits: RetentionHits,
): void {
  let count = 0;
  for (let entry = end - 1; entry >= first; entry--) {
    if (intervals[entry] < 0 || stamps[slots[entry]] === stamp) continue;
    stamps[slots[entry]] = stamp;
    hits.entries[count] = entry;
    hits.intervals[count++] = intervals[entry];
  }
  hits.count = count;
}

/** One hit: the last interval up to which every one has an entry; none where the first has none. */
export function hitsStreak(
  { first, end, intervals }: RetentionWindow,
  slots: Uint32Array,
  stamp: number,
  { stamps, states }: SlotStates,
  hits: RetentionHits,
): void {
  let count = 0;
  for (let entry = first; entry < end; entry++) {
    const interval = intervals[entry];
    const slot = slots[entry];
    if (stamps[slot] !== stamp) {
      if (interval !== 0) continue;
      stamps[slot] = stamp;
      states[slot] = count;
      hits.entries[count] = entry;
      hits.intervals[count++] = 0;
    } else if (interval === hits.intervals[states[slot]] + 1) {
      hits.intervals[states[slot]] = interval;
    }
  }
  hits.count = count;
}

/** A hit for each entry. */
export function hitsEach({ first, end, intervals }: RetentionWindow, hits: RetentionHits): void {
  let count = 0;
  for (let entry = first; entry < end; entry++) {
    if (intervals[entry] < 0) continue;
    hits.entries[count] = entry;
    hits.intervals[count++] = intervals[entry];
  }
  hits.count = count;
}

/** A hit for each entry up to whose interval every interval has one. */
export function hitsEachInStreak(
  { first, end, intervals }: RetentionWindow,
  slots: Uint32Array,
  stamp: number,
  { stamps, states }: SlotStates,
  hits: RetentionHits,
): void {
  let count = 0;
  for (let entry = first; entry < end; entry++) {
    const interval = intervals[entry];
    const slot = slots[entry];
    if (interval < 0) continue;
    const reached = stamps[slot] === stamp ? states[slot] : -1;
    if (interval > reached + 1) continue;
    stamps[slot] = stamp;
    states[slot] = interval;
    hits.entries[count] = entry;
    hits.intervals[count++] = interval;
  }
  hits.count = count;
}
