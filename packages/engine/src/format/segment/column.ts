import { columnForm } from '../constants.ts';
import { ascends, rangeOf } from './codec/sequence-stats.ts';
import {
  chooseSequence,
  decodeSequence,
  encodeChosen,
  encodeSequence,
  type SequenceChoice,
} from './codec/sequence.ts';
import { type Exceptions, expectByUser } from './column-by-user.ts';
import type { EventRuns } from './segment-users.ts';
import type { WordReader, WordWriter } from './words.ts';

/** How the codes of one property in one event are written. */
export type ColumnPlan =
  | { readonly form: 'codes'; readonly choice: SequenceChoice | null }
  | { readonly form: 'byUser'; readonly exceptions: ChosenExceptions }
  | {
      readonly form: 'byProperty';
      /** Place of the other property in the segment's list. */
      readonly property: number;
      readonly map: CodeMap;
      readonly exceptions: ChosenExceptions;
    };

/** Exceptions with the codecs that they were measured by, so that nothing is found out twice. */
export interface ChosenExceptions extends Exceptions {
  readonly rowsChoice: SequenceChoice | null;
  readonly codesChoice: SequenceChoice | null;
}

export function chooseExceptions({ rows, codes }: Exceptions): ChosenExceptions {
  return { rows, codes, rowsChoice: chooseSequence(rows), codesChoice: chooseSequence(codes) };
}

/** By code of the other property − first: the code expected with it. */
export interface CodeMap {
  readonly first: number;
  readonly codes: Uint32Array;
}

/**
 * Word 0: form; for `byProperty` the place of the other property above. Then
 * - `codes`: the sequence of the codes;
 * - `byUser`: exceptions;
 * - `byProperty`: word: least code of the other property; word: entries of the map; sequence: the map;
 *   exceptions.
 *
 * Exceptions: word: how many; sequences: their rows; their codes.
 */
export function encodeColumn(writer: WordWriter, codes: Uint32Array, plan: ColumnPlan): void {
  switch (plan.form) {
    case 'codes':
      writer.push(columnForm.codes);
      return encodeChosen(writer, codes, plan.choice);
    case 'byUser':
      writer.push(columnForm.byUser);
      return encodeExceptions(writer, plan.exceptions);
    case 'byProperty':
      writer.push(columnForm.byProperty | (plan.property << 8));
      writer.push(plan.map.first);
      writer.push(plan.map.codes.length);
      encodeSequence(writer, plan.map.codes);
      return encodeExceptions(writer, plan.exceptions);
  }
}

function encodeExceptions(
  writer: WordWriter,
  { rows, codes, rowsChoice, codesChoice }: ChosenExceptions,
): void {
  writer.push(rows.length);
  encodeChosen(writer, rows, rowsChoice);
  encodeChosen(writer, codes, codesChoice);
}

/** Rows whose code is not the one that the map gives for the other property's. */
export function exceptionsToMap(codes: Uint32Array, source: Uint32Array, map: CodeMap): Exceptions {
  let count = 0;
  const { first, codes: mapped } = map;
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] !== mapped[source[row] - first]) count++;
  }
  const rows = new Uint32Array(count);
  const different = new Uint32Array(count);
  let at = 0;
  for (let row = 0; row < codes.length && at < count; row++) {
    if (codes[row] === mapped[source[row] - first]) continue;
    rows[at] = row;
    different[at++] = codes[row];
  }
  return { rows, codes: different };
}

/** What the codes of a column may need besides its own block; asked for only where they do. */
export interface ColumnContext {
  runs(): EventRuns;
  /** What the property is by place of the user. */
  base(): Uint32Array;
  /** Codes of another property in the same event. Raises `CORRUPT_SEGMENT` where columns wait for each other. */
  codesOf(property: number): Uint32Array;
}

/** Twin of `encodeColumn`. */
export function decodeColumn(reader: WordReader, codes: Uint32Array, context: ColumnContext): void {
  const word = reader.next();
  const form = word & 0xff;
  if (form === columnForm.codes) {
    decodeSequence(reader, codes);
  } else if (form === columnForm.byUser) {
    const runs = context.runs();
    expectByUser(codes, runs, context.base());
    applyToRuns(codes, runs, decodeExceptions(reader, codes.length));
  } else if (form === columnForm.byProperty) {
    expectByProperty(reader, codes, context.codesOf(word >>> 8));
    const { rows, codes: different } = decodeExceptions(reader, codes.length);
    scatter(different, rows, codes);
  } else {
    throw reader.corrupt(`column form ${form} is unknown`);
  }
  reader.finish();
}

function expectByProperty(reader: WordReader, codes: Uint32Array, source: Uint32Array): void {
  const first = reader.next();
  const size = reader.next();
  const { min: least, max: greatest } = rangeOf(source);
  // The writer's map covers exactly the codes that occur, which also bounds what a forged size allocates.
  if (first !== least || size !== greatest - least + 1) {
    throw reader.corrupt(
      `a map from ${first} on of ${size} codes does not fit codes ${least} to ${greatest}`,
    );
  }
  const map = new Uint32Array(size);
  decodeSequence(reader, map);
  lookUp(map, first, source, codes);
}

function lookUp(map: Uint32Array, first: number, source: Uint32Array, codes: Uint32Array): void {
  for (let row = 0; row < codes.length; row++) codes[row] = map[source[row] - first];
}

function scatter(different: Uint32Array, rows: Uint32Array, codes: Uint32Array): void {
  for (let i = 0; i < rows.length; i++) codes[rows[i]] = different[i];
}

function decodeExceptions(reader: WordReader, rowCount: number): Exceptions {
  const count = reader.atMost(rowCount, 'number of exceptions');
  const rows = new Uint32Array(count);
  const codes = new Uint32Array(count);
  decodeSequence(reader, rows);
  decodeSequence(reader, codes);
  if (!ascends(rows) || (count > 0 && rows[count - 1] >= rowCount)) {
    throw reader.corrupt(`exceptions do not ascend, or leave ${rowCount} rows`);
  }
  return { rows, codes };
}

/** An exception stands for the rows after it as well, to the next one or to the end of the user's run. */
function applyToRuns(codes: Uint32Array, { starts }: EventRuns, exceptions: Exceptions): void {
  const { rows, codes: different } = exceptions;
  let run = 0;
  for (let i = 0; i < rows.length; i++) {
    const code = different[i];
    let row = rows[i];
    while (starts[run + 1] <= row) run++;
    for (const end = starts[run + 1]; row < end; row++) codes[row] = code;
  }
}
