import { type BlockRef, type BlockWriter } from './block.ts';
import { encodeSequence } from './codec/sequence.ts';
import { encodeColumn } from './column.ts';
import { encodeNested, encodeNumbers, encodeTexts } from './dictionary.ts';
import type { EventCodes } from './plan-by-property.ts';
import { planColumns } from './plan-columns.ts';
import type { IndexColumn, IndexProperty } from './segment-index.ts';
import type { SegmentRows } from './segment-rows.ts';
import type { DayUsers } from './segment-users.ts';
import { type SortedProperty, sortProperties } from './sorted-rows.ts';
import { constantValues } from './sorted-values.ts';
import { WordWriter } from './words.ts';

/** Dictionaries, what properties are by user, and the columns of each event. */
export function encodeProperties(
  rows: SegmentRows,
  users: DayUsers,
  blocks: BlockWriter,
): { properties: IndexProperty[]; columns: IndexColumn[][] } {
  const sorted = sortProperties(rows.properties);
  const codes = rows.events.map((_, e) => codesIn(sorted, rows, e));
  const { bases, plans } = planColumns(codes, users.events, users.users.length);
  const properties = sorted.map((property, p) =>
    encodeDictionary(property, bases[p] ?? null, blocks),
  );
  const columns = codes.map((own, e) =>
    own.flatMap((column, p): IndexColumn[] => {
      const plan = plans[e][p];
      if (column === null || plan === null) return [];
      const block = blockOf(blocks, (w) => encodeColumn(w, column, plan));
      return [{ property: p, ...codeRange(column), codes: block }];
    }),
  );
  return { properties, columns };
}

function codesIn(
  properties: readonly SortedProperty[],
  rows: SegmentRows,
  event: number,
): EventCodes {
  const start = rows.eventStarts[event];
  const end = rows.eventStarts[event + 1];
  return properties.map(({ codes }) => {
    const own = codes.subarray(start, end);
    return hasAny(own) ? own : null;
  });
}

/** Mostly told by the first code. */
function hasAny(codes: Uint32Array): boolean {
  for (let row = 0; row < codes.length; row++) if (codes[row] !== 0) return true;
  return false;
}

function blockOf(blocks: BlockWriter, write: (writer: WordWriter) => void): BlockRef {
  const writer = new WordWriter();
  write(writer);
  return blocks.add(writer);
}

function encodeDictionary(
  { name, sorted }: SortedProperty,
  base: Uint32Array | null,
  blocks: BlockWriter,
): IndexProperty {
  const { constants, numbers, texts, nested } = sorted;
  return {
    name,
    constants: constants.reduce<number>(
      (bits, value) => bits | (1 << constantValues.indexOf(value)),
      0,
    ),
    numberCount: numbers.length,
    textCount: texts.length,
    nestedCount: nested.length,
    numbers: numbers.length === 0 ? null : blockOf(blocks, (w) => encodeNumbers(w, numbers)),
    texts: texts.length === 0 ? null : blockOf(blocks, (w) => encodeTexts(w, texts)),
    nested: nested.length === 0 ? null : blockOf(blocks, (w) => encodeNested(w, nested)),
    base: base === null ? null : blockOf(blocks, (w) => encodeSequence(w, base)),
  };
}

function codeRange(codes: Uint32Array): Pick<IndexColumn, 'presentCount' | 'codeMin' | 'codeMax'> {
  let presentCount = 0;
  let codeMin = 0xffffffff;
  let codeMax = 0;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row];
    if (code === 0) continue;
    presentCount++;
    if (code < codeMin) codeMin = code;
    if (code > codeMax) codeMax = code;
  }
  return { presentCount, codeMin, codeMax };
}
