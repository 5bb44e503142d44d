import { must } from '../base/assert.ts';
import type { EventPart } from '../store/merge/event-part.ts';
import type { UserTable } from '../query/host/user-table.ts';
import type { DecodedDay } from './day-unit.ts';
import { runAt } from './run-at.ts';
import { type Slice, type SliceColumn, sliceColumn, type UnitSlice } from './slice.ts';

export interface SliceLines {
  readonly slice: Slice;
  /** 1 where the row is written; null = all are. */
  readonly mask: Uint8Array | null;
  /** User ordinals and times (ms since the day began) by unit, by place. */
  readonly users: readonly Uint32Array[];
  readonly times: readonly Uint32Array[];
  readonly dayStartMs: number;
  readonly timeInMs: boolean;
  /** Lines at most. */
  readonly limit: number;
}

/** A chunk costs a message between threads: long enough that it is nothing beside making the lines. */
const chunkCharacters = 256 * 1024;

/** What the envelope says, whatever a property of that name says. */
const envelopeNames: ReadonlySet<string> = new Set([
  'time',
  'distinct_id',
  '$insert_id',
  'mp_processing_time_ms',
]);
const beforeIdentity = '$distinct_id_before_identity';

/** The rows as lines of JSON (query-api.md 12), in their order. Returns how many there are. */
export function* sliceLines(
  { slice, mask, users, times, dayStartMs, timeInMs, limit }: SliceLines,
  decoded: DecodedDay,
): Generator<Buffer, number> {
  const writers = slice.units.map((own, u) => {
    const columns = own.unit.propertyNames
      .filter((name) => !envelopeNames.has(name))
      .flatMap((name) => sliceColumn(own, name, decoded) ?? []);
    return new UnitWriter(own, { columns, users: users[u], times: times[u], dayStartMs, timeInMs });
  });
  let text = '';
  let count = 0;
  for (let row = 0; row < slice.unitOf.length && count < limit; row++) {
    if (mask !== null && mask[row] === 0) continue;
    text += writers[slice.unitOf[row]].line(slice.placeOf[row]);
    count++;
    if (text.length < chunkCharacters) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
  return count;
}

interface UnitRows {
  readonly columns: readonly SliceColumn[];
  readonly users: Uint32Array;
  readonly times: Uint32Array;
  readonly dayStartMs: number;
  readonly timeInMs: boolean;
}

class UnitWriter {
  readonly #own: UnitSlice;
  readonly #rows: UnitRows;
  readonly #head: string;
  readonly #insertIds: readonly (Buffer | undefined)[];

  constructor(own: UnitSlice, rows: UnitRows) {
    this.#own = own;
    this.#rows = rows;
    this.#head = `{"event":${JSON.stringify(own.unit.event)},"properties":{"time":`;
    this.#insertIds = own.envelopes.map((envelope) => {
      if (envelope === undefined) return undefined;
      const { buffer, byteOffset, byteLength } = envelope.insertIds.bytes;
      return Buffer.from(buffer, byteOffset, byteLength);
    });
  }

  line(place: number): string {
    const { unit, parts, partRows, envelopes } = this.#own;
    const { columns, users, times, dayStartMs, timeInMs } = this.#rows;
    const part = parts[place];
    const row = partRows[place];
    const envelope = must(envelopes[part], 'the envelope of a part');
    const timeMs = dayStartMs + times[place];
    const id = unit.users.id(users[place]);
    const sent = sentIdOf(envelope, row, unit.users) ?? id;
    let text = `${this.#head}${timeInMs ? timeMs : Math.floor(timeMs / 1000)},"distinct_id":${JSON.stringify(id)}`;
    const insertId = this.#insertId(envelope, part, row);
    if (insertId !== '') text += `,"$insert_id":${JSON.stringify(insertId)}`;
    if (sent !== id) text += `,"${beforeIdentity}":${JSON.stringify(sent)}`;
    for (let c = 0; c < columns.length; c++) {
      const { name, codes, texts, values } = columns[c];
      const code = codes[place];
      if (code === 0 || (name === beforeIdentity && sent !== id)) continue;
      const own = texts[part];
      const ofPart = values[part];
      if (own !== undefined && ofPart !== undefined) text += own.text(code, ofPart);
    }
    const ms = processedMs(envelope, row);
    return ms === 0 ? `${text}}}\n` : `${text},"mp_processing_time_ms":${ms}}}\n`;
  }

  #insertId({ insertIds: { ends, start = 0 } }: EventPart, part: number, row: number): string {
    const from = row === 0 ? start : ends[row - 1];
    return this.#insertIds[part]?.toString('utf8', from, ends[row]) ?? '';
  }
}

/** Sequences are the time at the edge in µs (`BatchSender`); 0 = it came by bulk import, past the edge. */
function processedMs({ batches, batchSequences }: EventPart, row: number): number {
  return Math.floor(batchSequences[batches[row]] / 1000);
}

/** The id that the event came with; null = that of its user. */
function sentIdOf(
  { sentIds, sentIdTexts, users, starts }: EventPart,
  row: number,
  table: UserTable,
): string | null {
  const code = sentIds[row];
  if (code !== 0) return sentIdTexts[code];
  // Of a user who was merged into another one since, rows lie under his own number.
  return table.redirects.losers.length === 0 ? null : table.id(users[runAt(starts, row)]);
}
