import { EngineError } from '../../base/errors.ts';
import { engineLimits } from '../../base/limits.ts';
import type { SegmentHead } from './segment-header.ts';
import { dayMs, type SegmentProperty, type SegmentRows } from './segment-rows.ts';
import { type SortedValues, sortValues } from './sorted-values.ts';

function invalid(problem: string): EngineError {
  return new EngineError('INVALID_SEGMENT', `segment: ${problem}`);
}

/** Refuses rows that would not come back as they are. One pass. */
export function checkRows(rows: SegmentRows, { project, shard, day }: SegmentHead): void {
  const isUint32 = (value: number): boolean => value === value >>> 0;
  if (!isUint32(project) || project === 0 || !isUint32(shard) || day !== (day | 0)) {
    throw invalid(
      `project ${project}, shard ${shard}, day ${day} are not whole numbers of 32 bits`,
    );
  }
  const { rowCount, events, eventStarts } = rows;
  if (rowCount > engineLimits.segmentRowsMax) {
    throw invalid(
      `${rowCount} rows exceed ${engineLimits.segmentRowsMax}: make several generations`,
    );
  }
  if (eventStarts.length !== events.length + 1 || eventStarts[events.length] !== rowCount) {
    throw invalid(`event starts do not cover ${rowCount} rows of ${events.length} events`);
  }
  for (let e = 0; e < events.length; e++) {
    if (e > 0 && events[e] <= events[e - 1]) {
      throw invalid(`event "${events[e]}" follows "${events[e - 1]}", they must ascend`);
    }
    checkName('event', events[e]);
    checkEvent(rows, e);
  }
  checkColumns(rows);
}

/** Two names that differ in lone surrogates alone would become one. */
function checkName(kind: string, name: string): void {
  if (/\p{Surrogate}/u.test(name)) throw invalid(`${kind} name "${name}" has a lone surrogate`);
}

function checkEvent({ events, eventStarts, users, times }: SegmentRows, e: number): void {
  const end = eventStarts[e + 1];
  if (eventStarts[e] >= end) throw invalid(`event "${events[e]}" has no rows`);
  for (let row = eventStarts[e]; row < end; row++) {
    if (times[row] >= dayMs) throw invalid(`row ${row}: time ${times[row]} is outside a day`);
    if (row === eventStarts[e] || users[row] > users[row - 1]) continue;
    if (users[row] < users[row - 1] || times[row] < times[row - 1]) {
      throw invalid(`row ${row} of "${events[e]}" is not in the order of users and times`);
    }
  }
}

function checkColumns(rows: SegmentRows): void {
  const { rowCount, batchSequences, sentIdTexts, properties } = rows;
  const column = (name: string, codes: Uint32Array, end: number): void => {
    if (codes.length !== rowCount) {
      throw invalid(`${name} has ${codes.length} rows instead of ${rowCount}`);
    }
    let max = 0;
    for (let row = 0; row < rowCount; row++) if (codes[row] > max) max = codes[row];
    if (rowCount > 0 && max >= end) throw invalid(`${name}: ${max} is outside ${end}`);
  };
  column('batches', rows.batches, batchSequences.length);
  column('sent ids', rows.sentIds, Math.max(1, sentIdTexts.length));
  column('ends of insert ids', rows.insertIds.ends, rows.insertIds.bytes.length + 1);
  for (const { name, codes, values } of properties) {
    checkName('property', name);
    column(`property "${name}"`, codes, Math.max(1, values.length));
  }
  for (let i = 1; i < properties.length; i++) {
    const [before, { name }] = [properties[i - 1].name, properties[i]];
    if (name <= before) throw invalid(`property "${name}" follows "${before}", they must ascend`);
  }
}

/** The same rows without the batches and the distinct ids that no row has, the latter numbered anew. */
export function withoutUnused(rows: SegmentRows): SegmentRows {
  const batches = usedOf(rows.batches, rows.batchSequences.length);
  const sentIds = inOrderOfUsers(rows);
  return {
    ...rows,
    batches: batches.codes,
    batchSequences: Float64Array.from(batches.used, (batch) => rows.batchSequences[batch]),
    sentIds: sentIds.codes,
    sentIdTexts: ['', ...sentIds.used.map((code) => rows.sentIdTexts[code])],
  };
}

/** Distinct ids by the first user who sent them, so that they ascend with the users. */
function inOrderOfUsers({ sentIds, users, sentIdTexts }: SegmentRows): {
  used: number[];
  codes: Uint32Array;
} {
  const firstUser = new Map<number, number>();
  for (let row = 0; row < sentIds.length; row++) {
    const code = sentIds[row];
    if (code === 0) continue;
    const before = firstUser.get(code);
    if (before === undefined || users[row] < before) firstUser.set(code, users[row]);
  }
  const used = [...firstUser.keys()].sort(
    (a, b) =>
      (firstUser.get(a) ?? 0) - (firstUser.get(b) ?? 0) ||
      (sentIdTexts[a] < sentIdTexts[b] ? -1 : 1),
  );
  const newCodes = new Uint32Array(Math.max(1, sentIdTexts.length));
  used.forEach((code, place) => (newCodes[code] = place + 1));
  return { used, codes: used.length === 0 ? sentIds : translate(sentIds, newCodes) };
}

/** Codes that occur, ascending, and the rows with these numbered anew. */
function usedOf(codes: Uint32Array, count: number): { used: number[]; codes: Uint32Array } {
  const isUsed = new Uint8Array(count);
  for (let row = 0; row < codes.length; row++) isUsed[codes[row]] = 1;
  const newCodes = new Uint32Array(count);
  const used: number[] = [];
  for (let code = 0; code < count; code++) {
    if (isUsed[code] === 0) continue;
    newCodes[code] = used.push(code) - 1;
  }
  return { used, codes: used.length === count ? codes : translate(codes, newCodes) };
}

function translate(codes: Uint32Array, newCodes: Uint32Array): Uint32Array {
  const translated = new Uint32Array(codes.length);
  for (let row = 0; row < codes.length; row++) translated[row] = newCodes[codes[row]];
  return translated;
}

/** A property with its values in the order of a segment. */
export interface SortedProperty {
  readonly name: string;
  readonly codes: Uint32Array;
  readonly sorted: SortedValues;
}

/** Those that some row has. */
export function sortProperties(properties: readonly SegmentProperty[]): SortedProperty[] {
  return properties.flatMap((property) => {
    const { sorted, newCodes } = sortValues(property);
    if (!newCodes.some((code) => code > 0)) return [];
    return [{ name: property.name, codes: translate(property.codes, newCodes), sorted }];
  });
}
