import { maxOf } from '../format/segment/codec/bits.ts';
import type { SegmentProperty, SegmentRows } from '../format/segment/segment-rows.ts';
import type { PartEvent } from '../query/scan/project-snapshot.ts';
import type { HiddenInSegment, SegmentMeta, SegmentMetaProperty } from './shard-catalog.ts';
import { typeOfValue, valueTypeNames } from './value-type.ts';

/**
 * What the catalog says of a segment that is encoded from these rows, and of rows of others that they hide; undefined =
 * nobody looked.
 */
export function segmentMeta(
  rows: SegmentRows,
  hides: readonly HiddenInSegment[] | undefined,
): SegmentMeta {
  return {
    rowCount: rows.rowCount,
    oddRowCount: rows.sentTimes.size,
    lastTime: maxOf(rows.times),
    events: partEvents(rows),
    properties: rows.properties.map(metaProperty),
    ...(hides === undefined ? { isUnsearched: true } : { hides }),
  };
}

/** By event: rows, and runs of equal users. */
export function partEvents({ events, eventStarts, users }: SegmentRows): PartEvent[] {
  return events.map((name, event) => {
    const start = eventStarts[event];
    const end = eventStarts[event + 1];
    let userCount = 0;
    for (let row = start; row < end; row++) {
      if (row === start || users[row] !== users[row - 1]) userCount++;
    }
    return { name, rowCount: end - start, userCount };
  });
}

function metaProperty({ name, codes, values }: SegmentProperty): SegmentMetaProperty {
  const counts = new Uint32Array(values.length);
  for (let row = 0; row < codes.length; row++) counts[codes[row]]++;
  const typeCounts = valueTypeNames.map(() => 0);
  for (let code = 1; code < values.length; code++) {
    // An import brings the values of many days.
    if (counts[code] === 0) continue;
    typeCounts[typeOfValue(values[code])] += counts[code];
  }
  return { name, typeCounts };
}
