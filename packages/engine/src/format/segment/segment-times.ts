import { decodeSequence, encodeSequence } from './codec/sequence.ts';
import type { DayUsers, EventRuns } from './segment-users.ts';
import { borrow, giveBack } from './scratch.ts';
import { dayMs, type SegmentRows } from './segment-rows.ts';
import type { WordReader, WordWriter } from './words.ts';

/**
 * A user's first event of the day may be at any time; everything else mostly follows within minutes. So the
 * first time of each user stands once a day, and an event's times are gaps: of a run's first row to
 * that, of the others to the row before.
 */
export function firstTimes(rows: SegmentRows, { users, events }: DayUsers): Uint32Array {
  const first = new Uint32Array(users.length).fill(dayMs);
  events.forEach(({ places, starts }, e) => {
    const from = rows.eventStarts[e];
    for (let r = 0; r < places.length; r++) {
      const time = rows.times[from + starts[r]];
      if (time < first[places[r]]) first[places[r]] = time;
    }
  });
  return first;
}

/** Sequences: gaps of the first rows of runs; gaps of the other rows. `times` are those of the event. */
export function encodeTimes(
  writer: WordWriter,
  times: Uint32Array,
  { places, starts }: EventRuns,
  first: Uint32Array,
): void {
  const runCount = places.length;
  const firstGaps = new Uint32Array(runCount);
  const gaps = new Uint32Array(times.length - runCount);
  let at = 0;
  for (let r = 0; r < runCount; r++) {
    const start = starts[r];
    firstGaps[r] = times[start] - first[places[r]];
    for (let row = start + 1; row < starts[r + 1]; row++) gaps[at++] = times[row] - times[row - 1];
  }
  encodeSequence(writer, firstGaps);
  encodeSequence(writer, gaps);
}

/** Twin of `encodeTimes`. */
export function decodeTimes(
  reader: WordReader,
  { places, starts }: EventRuns,
  first: Uint32Array,
  times: Uint32Array,
): void {
  const begins = borrow(places.length);
  // One in front, so that also a row that begins a run may look at what it does not need.
  const gaps = borrow(1 + times.length - places.length);
  decodeSequence(reader, begins);
  decodeSequence(reader, gaps.subarray(1));
  reader.finish();
  addFirst(begins, places, first);
  const marks = borrow(Math.ceil(times.length / 4));
  const isBegin = new Uint8Array(marks.buffer, 0, times.length).fill(0);
  for (let r = 0; r < places.length; r++) isBegin[starts[r]] = 1;
  const latest = addGaps(times, isBegin, begins, gaps);
  giveBack(begins);
  giveBack(gaps);
  giveBack(marks);
  if (latest >= dayMs) throw reader.corrupt(`time ${latest} is outside a day of ${dayMs} ms`);
}

/** Makes times of the gaps between the first rows of runs and the first rows of their users. */
function addFirst(firstGaps: Uint32Array, places: Uint32Array, first: Uint32Array): void {
  for (let r = 0; r < places.length; r++) firstGaps[r] += first[places[r]];
}

/**
 * Fills the times and gives the latest: of a row that begins a run (`isBegin` 1, else 0) that of the run, of another the one
 * before and a gap. `gaps` count from place 1 on. No branch: runs are short, and where one ends the processor cannot
 * foresee.
 */
function addGaps(
  times: Uint32Array,
  isBegin: Uint8Array,
  begins: Uint32Array,
  gaps: Uint32Array,
): number {
  let run = -1;
  let time = 0;
  let latest = 0;
  for (let row = 0; row < times.length; row++) {
    const begin = isBegin[row];
    run += begin;
    // All bits set at the begin of a run, none where it goes on.
    const mask = -begin;
    time = (begins[run] & mask) | ((time + gaps[row - run]) & ~mask);
    times[row] = time;
    if (time >>> 0 > latest) latest = time >>> 0;
  }
  return latest;
}
