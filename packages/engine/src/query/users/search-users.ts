import type { PropertyValue } from '@arbor/schema/property-value';
import type { Steps } from '../../base/slices.ts';
import { narrow } from '../kernels/mask.ts';
import type { PropertyColumn } from '../exec/shard-view.ts';
import { encodeValues, type EncodedValues } from './encode-values.ts';
import { markContaining } from './text-search.ts';
import type { UserRows } from './user-rows.ts';

/** What was encoded of the dictionaries of a project, by name of the property: a search finds it again. */
export type KnownTexts = Map<string, EncodedValues>;

const usersAStep = 65_536;

/**
 * Keeps of the mask who has the text, in lower case, in his id, `$name`, `$first_name $last_name` or `$email`, and
 * whose ids were found elsewhere.
 */
export function* searchUsers(
  { search, found }: { readonly search: string; readonly found: readonly string[] },
  rows: UserRows,
  known: KnownTexts,
): Steps<void> {
  const hits = new Uint8Array(rows.mask.length);
  yield* markContaining(search, rows.ids, hits);
  if (found.length > 0) yield* markIds(found, rows, hits);
  for (const name of ['$name', '$email']) {
    const verdicts = yield* containing(search, name, rows, known);
    if (verdicts !== null) markCodes(verdicts, hits);
  }
  yield;
  yield* markWholeNames(search, rows, known, hits);
  narrow(rows.mask, hits);
}

interface Verdicts {
  readonly column: PropertyColumn;
  /** 1 by code: the value contains the text. */
  readonly byCode: Uint8Array;
}

function* containing(
  search: string,
  name: string,
  rows: UserRows,
  known: KnownTexts,
): Steps<Verdicts | null> {
  const column = rows.column(name);
  if (column === undefined) return null;
  const encoded = yield* encodeValues(column.values, known.get(name));
  known.set(name, encoded);
  const byCode = new Uint8Array(column.values.length);
  yield* markContaining(search, encoded.texts, byCode);
  return { column, byCode };
}

function markCodes({ column: { codes }, byCode }: Verdicts, hits: Uint8Array): void {
  for (let user = 0; user < hits.length; user++) hits[user] |= byCode[codes[user]];
}

/** First and last name are searched as one text, which a blank in what is searched for may lie in the middle of. */
function* markWholeNames(
  search: string,
  rows: UserRows,
  known: KnownTexts,
  hits: Uint8Array,
): Steps<void> {
  const first = yield* containing(search, '$first_name', rows, known);
  const last = yield* containing(search, '$last_name', rows, known);
  if (first !== null) markCodes(first, hits);
  if (last !== null) markCodes(last, hits);
  if (!search.includes(' ')) return;
  for (let user = 1; user < hits.length; user++) {
    if (user % usersAStep === 0) yield;
    if (rows.mask[user] === 0 || hits[user] === 1) continue;
    const whole = `${textOf(first?.column, user)} ${textOf(last?.column, user)}`;
    if (whole !== ' ' && whole.toLowerCase().includes(search)) hits[user] = 1;
  }
}

function textOf(column: PropertyColumn | undefined, user: number): string {
  const value: PropertyValue | undefined = column?.values[column.codes[user]];
  return typeof value === 'string' ? value : '';
}

/** Marks the users with these ids. Lengths and last bytes alone rule out nearly everybody else. */
function* markIds(ids: readonly string[], rows: UserRows, hits: Uint8Array): Steps<void> {
  const { bytes, ends } = rows.ids;
  const wanted = new Set(ids);
  const isLikely = new Uint8Array(2 ** 16);
  for (const id of wanted) {
    const own = Buffer.from(id);
    if (own.length > 0) isLikely[likeness(own, 0, own.length)] = 1;
  }
  for (let user = 1; user < hits.length; user++) {
    if (user % usersAStep === 0) yield;
    const start = ends[user - 1];
    const end = ends[user];
    if (end === start || isLikely[likeness(bytes, start, end)] === 0) continue;
    const id = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
    if (wanted.has(id)) hits[user] = 1;
  }
}

/** A number below 65,536 that equal texts have in common. */
function likeness(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = Math.max(start, end - 4); i < end; i++) hash = (hash * 31 + bytes[i]) & 0xffff;
  return hash;
}
