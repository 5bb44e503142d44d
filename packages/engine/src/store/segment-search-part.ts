import type { SegmentFile } from '../format/segment/segment-file.ts';
import type { EventPart } from './merge/event-part.ts';
import type { SearchPart } from './merge/hidden-odd-rows.ts';
import { readSegment } from './read-segment.ts';
import type { SegmentEntry } from './shard-catalog.ts';

const noRows = new Uint32Array(0);

/** A segment as the search for copies across days looks into it. Nothing is read before it is asked for. */
export function segmentSearchPart(
  { path, day, meta }: SegmentEntry,
  { project, shard }: { readonly project: number; readonly shard: number },
): SearchPart {
  return {
    day,
    oddRowCount: meta.oddRowCount,
    events: meta.events,
    event: (event) =>
      readSegment(path, { project, shard, day }, (file) => segmentEventPart(file, event)),
  };
}

/** One event of a segment, all of it decoded. */
function segmentEventPart(file: SegmentFile, event: number): EventPart {
  const { rowCount } = file.events[event];
  return {
    rowCount,
    ...file.userRuns(event),
    times: file.times(event),
    tieRanks: file.tieRanks(event),
    batchSequences: file.batchSequences(),
    batches: file.batches(event),
    sentIds: file.sentIds(event) ?? new Uint32Array(rowCount),
    sentIdTexts: file.sentIdTexts(),
    sentTimes: file.sentTimes(event),
    insertIds: file.insertIds(event),
    hiddenRows: noRows,
  };
}
