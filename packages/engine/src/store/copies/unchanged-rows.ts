import type { SegmentFile } from '../../format/segment/segment-file.ts';
import { dayMs } from '../../format/segment/segment-rows.ts';
import { type FoundCopy, type KeyDigest, SegmentKeys } from './odd-rows.ts';

/** A key to look for, of rows that were sent with the time they have. */
export interface WantedKey extends KeyDigest {
  /** Absent = of any event. */
  readonly event?: string;
}

/**
 * By wanted key the row of the segment that has it and kept the time it was sent with, whoever its user is by now: a
 * link of users may come later than both copies. Reads the times of each event once, and the rest only where a
 * time is met.
 */
export function findUnchanged(
  file: SegmentFile,
  wanted: readonly WantedKey[],
  userId: (ordinal: number) => string,
): Map<WantedKey, FoundCopy> {
  const byTime = new Map<number, WantedKey[]>();
  for (const key of wanted) {
    const time = key.sentTime - file.day * dayMs;
    const others = byTime.get(time);
    if (others) others.push(key);
    else byTime.set(time, [key]);
  }
  const events = new Set(wanted.map(({ event }) => event));
  const found = new Map<WantedKey, FoundCopy>();
  let eventStart = 0;
  for (const [event, { name, rowCount }] of file.events.entries()) {
    if (events.has(undefined) || events.has(name)) {
      const rows = rowsAtTimes(file.times(event), byTime);
      if (rows.length > 0) {
        const keys = new SegmentKeys(file, event, eventStart, userId);
        const sentTimes = file.sentTimes(event);
        for (const row of rows) {
          if (sentTimes.has(row)) continue;
          const time = file.times(event)[row];
          const copy = keys.at(row, file.day * dayMs + time);
          for (const key of byTime.get(time) ?? []) {
            if (key.hash === copy.hash && key.check === copy.check) found.set(key, copy);
          }
        }
      }
    }
    eventStart += rowCount;
  }
  return found;
}

function rowsAtTimes(times: Uint32Array, wanted: ReadonlyMap<number, unknown>): number[] {
  const rows: number[] = [];
  if (wanted.size === 1) {
    const [only] = wanted.keys();
    for (let row = 0; row < times.length; row++) if (times[row] === only) rows.push(row);
    return rows;
  }
  for (let row = 0; row < times.length; row++) if (wanted.has(times[row])) rows.push(row);
  return rows;
}
