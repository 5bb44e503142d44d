import { checksum } from '../../base/checksum.ts';
import { segmentHeaderLayout } from '../constants.ts';
import { align8, type BlockRef, BlockWriter, sealBytes } from './block.ts';
import { KnownForms } from './byte-list.ts';
import { maxOf } from './codec/bits.ts';
import { encodeSequence } from './codec/sequence.ts';
import { type ColumnPlan, encodeColumn } from './column.ts';
import { encodeNumbers, encodeTexts } from './dictionary.ts';
import { encodeProperties } from './encode-properties.ts';
import { encodeInsertIds } from './insert-ids.ts';
import { planColumns } from './plan-columns.ts';
import { BatchByTime, encodeBatches, savedByTime } from './segment-batches.ts';
import { type SegmentHead, writeHeader } from './segment-header.ts';
import { type IndexEvent, type SegmentIndex, writeIndex } from './segment-index.ts';
import type { SegmentRows } from './segment-rows.ts';
import { encodeTimes, firstTimes } from './segment-times.ts';
import { collectUsers, type DayUsers, encodeRuns } from './segment-users.ts';
import { checkRows, withoutUnused } from './sorted-rows.ts';
import { WordWriter } from './words.ts';

/**
 * The bytes of a segment (FORMAT-SEGMENT.md). The same rows always give the same bytes, in whatever order the
 * codes of a property are: values, batches and texts that no row has are left out, and codes are given
 * anew. Throws `INVALID_SEGMENT` for rows that no segment can hold.
 */
export function encodeSegment(rows: SegmentRows, head: SegmentHead): Uint8Array {
  checkRows(rows, head);
  const kept = withoutUnused(rows);
  const users = collectUsers(kept);
  const blocks = new BlockWriter();
  const index = encodeBlocks(kept, users, blocks);
  const sealed = sealBytes(writeIndex(index));
  const start = segmentHeaderLayout.size + align8(sealed.bytes.length);
  const bytes = new Uint8Array(start + blocks.bytes);
  bytes.set(sealed.bytes, segmentHeaderLayout.size);
  blocks.copyTo(bytes, start);
  writeHeader(bytes, {
    ...head,
    rowCount: kept.rowCount,
    firstTime: index.events.reduce((first, event) => Math.min(first, event.firstTime), Infinity),
    lastTime: index.events.reduce((last, event) => Math.max(last, event.lastTime), 0),
    eventCount: index.events.length,
    propertyCount: index.properties.length,
    userCount: users.users.length,
    batchCount: kept.batchSequences.length,
    sentIdCount: kept.sentIdTexts.length - 1,
    tieRankMax: maxOf(kept.tieRanks ?? new Uint32Array(0)),
    indexBytes: sealed.bytes.length,
    indexFlags: sealed.flags,
    indexChecksum: checksum(sealed.bytes),
    fileBytes: bytes.length,
  });
  return bytes;
}

function encodeBlocks(rows: SegmentRows, users: DayUsers, blocks: BlockWriter): SegmentIndex {
  const sentIdTexts = rows.sentIdTexts.slice(1);
  const day: DayColumns = {
    first: firstTimes(rows, users),
    byTime: batchByTime(rows),
    idForms: new KnownForms(),
    ...planSentIds(rows, users),
  };
  const dayBlocks = {
    batchSequences: blockOf(blocks, rows.rowCount, (w) => encodeNumbers(w, rows.batchSequences)),
    batchThresholds: sequenceBlock(blocks, day.byTime?.thresholds ?? new Uint32Array(0)),
    sentIdTexts: blockOf(blocks, sentIdTexts.length, (w) => encodeTexts(w, sentIdTexts)),
    sentIdBase: sequenceBlock(blocks, day.sentIdBase ?? new Uint32Array(0)),
    users: sequenceBlock(blocks, users.users),
    firstTimes: sequenceBlock(blocks, day.first),
  };
  const events = rows.events.map((_, e) => encodeEvent(eventRows(rows, e), users, day, blocks));
  const { properties, columns } = encodeProperties(rows, users, blocks);
  return {
    ...dayBlocks,
    properties,
    events: events.map((event, e) => ({ ...event, columns: columns[e] })),
  };
}

/** Null = there is nothing to write down. */
function blockOf(
  blocks: BlockWriter,
  count: number,
  write: (writer: WordWriter) => void,
): BlockRef | null {
  if (count === 0) return null;
  const writer = new WordWriter();
  write(writer);
  return blocks.add(writer);
}

function sequenceBlock(blocks: BlockWriter, values: Uint32Array): BlockRef | null {
  return blockOf(blocks, values.length, (writer) => encodeSequence(writer, values));
}

interface DayColumns {
  readonly first: Uint32Array;
  readonly byTime: BatchByTime | null;
  readonly idForms: KnownForms;
  readonly sentIdBase: Uint32Array | null;
  /** By event; null = every row of it was sent with the id of its user. */
  readonly sentIdPlans: readonly (ColumnPlan | null)[];
}

/** Distinct ids are written as a property is: who has logged in mostly sends the same one. */
function planSentIds(
  rows: SegmentRows,
  users: DayUsers,
): Pick<DayColumns, 'sentIdBase' | 'sentIdPlans'> {
  const codes = rows.events.map((_, e) => {
    const own = rows.sentIds.subarray(rows.eventStarts[e], rows.eventStarts[e + 1]);
    return [maxOf(own) === 0 ? null : own];
  });
  const { bases, plans } = planColumns(codes, users.events, users.users.length);
  return { sentIdBase: bases[0] ?? null, sentIdPlans: plans.map(([plan]) => plan) };
}

/** Thresholds are written only if they save more than they take. */
function batchByTime(rows: SegmentRows): BatchByTime | null {
  const batchCount = rows.batchSequences.length;
  if (batchCount < 2) return null;
  const byTime = BatchByTime.fromRows(rows.times, rows.batches, batchCount);
  const saved = savedByTime(rows.batches, rows.times, byTime);
  return saved > 32 * batchCount ? byTime : null;
}

/** The rows of one event, as they are written. */
interface EventRows {
  readonly rows: SegmentRows;
  readonly event: number;
  readonly start: number;
  readonly end: number;
  readonly times: Uint32Array;
  readonly batches: Uint32Array;
}

function eventRows(rows: SegmentRows, event: number): EventRows {
  const start = rows.eventStarts[event];
  const end = rows.eventStarts[event + 1];
  return {
    rows,
    event,
    start,
    end,
    times: rows.times.subarray(start, end),
    batches: rows.batches.subarray(start, end),
  };
}

function encodeEvent(
  event: EventRows,
  users: DayUsers,
  { first, byTime, sentIdPlans, idForms }: DayColumns,
  blocks: BlockWriter,
): Omit<IndexEvent, 'columns'> {
  const { rows, start, end, times, batches } = event;
  const runs = users.events[event.event];
  const sentIds = rows.sentIds.subarray(start, end);
  const sentIdPlan = sentIdPlans[event.event];
  const tieRanks = rows.tieRanks?.subarray(start, end) ?? new Uint32Array(0);
  return {
    name: rows.events[event.event],
    rowCount: end - start,
    userCount: runs.places.length,
    ...timeRange(times),
    runs: blockOf(blocks, 1, (w) => encodeRuns(w, runs)),
    times: blockOf(blocks, 1, (w) => encodeTimes(w, times, runs, first)),
    tieRanks: maxOf(tieRanks) === 0 ? null : sequenceBlock(blocks, tieRanks),
    batches: blockOf(blocks, 1, (w) => encodeBatches(w, batches, times, byTime)),
    sentIds: sentIdPlan && blockOf(blocks, 1, (w) => encodeColumn(w, sentIds, sentIdPlan)),
    sentTimes: encodeSentTimes(event, blocks),
    insertIds: encodeIds(event, idForms, blocks),
  };
}

const hourMs = 3_600_000;

function timeRange(times: Uint32Array): Pick<IndexEvent, 'firstTime' | 'lastTime' | 'hourCounts'> {
  const hourCounts = new Uint32Array(24);
  let firstTime = times[0];
  let lastTime = firstTime;
  for (let row = 0; row < times.length; row++) {
    const time = times[row];
    if (time < firstTime) firstTime = time;
    if (time > lastTime) lastTime = time;
    hourCounts[Math.floor(time / hourMs)]++;
  }
  return { firstTime, lastTime, hourCounts };
}

/** Word: number of rows. Sequence: these, within the event. Then a double each. */
function encodeSentTimes({ rows, start, end }: EventRows, blocks: BlockWriter): BlockRef | null {
  const odd = [...rows.sentTimes.keys()].filter((row) => row >= start && row < end);
  odd.sort((a, b) => a - b);
  return blockOf(blocks, odd.length, (writer) => {
    writer.push(odd.length);
    encodeSequence(
      writer,
      Uint32Array.from(odd, (row) => row - start),
    );
    for (const row of odd) writer.double(rows.sentTimes.get(row) ?? 0);
  });
}

function encodeIds(
  { rows, start, end, batches }: EventRows,
  forms: KnownForms,
  blocks: BlockWriter,
): BlockRef | null {
  const { batchSequences } = rows;
  const { bytes, ends } = rows.insertIds;
  const from = start === 0 ? 0 : ends[start - 1];
  const own = ends.slice(start, end);
  for (let i = 0; i < own.length; i++) own[i] -= from;
  const ids = { bytes: bytes.subarray(from, ends[end - 1]), ends: own };
  return blockOf(blocks, ids.bytes.length, (writer) =>
    encodeInsertIds(writer, ids, { batches, batchSequences, forms }),
  );
}
