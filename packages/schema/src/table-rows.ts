import type { ColumnMapping } from './imports.ts';
import { instantOf } from './written-time.ts';

/*
 * Rows of CSV and Parquet files as events: the same for the command line and the page of the dashboard, so that a file
 * that comes both ways counts once.
 */

/** A row by its columns: texts, numbers and booleans, dates, lists and objects. */
export type TableRow = Readonly<Record<string, unknown>>;
/** Its cells as they are written: `1.10` and `1.1` are one number, and two names. */
export type CellTexts = Readonly<Record<string, string>>;

/** What the columns are where nobody says anything else. */
export const plainColumns: ColumnMapping = {
  event: { type: 'column', column: 'event' },
  time: 'time',
  zone: 'utc',
  user: 'distinct_id',
  insertId: '$insert_id',
  leftOut: [],
};

/** A row of CSV: an empty cell is no value, and a column without a name is none. */
export function tableRow(
  names: readonly string[],
  cells: readonly string[],
): { readonly row: TableRow; readonly texts: CellTexts } {
  const values = new Map<string, unknown>();
  const texts = new Map<string, string>();
  for (const [at, name] of names.entries()) {
    const cell = cells[at] ?? '';
    if (name === '' || cell === '') continue;
    values.set(name, cellValue(cell));
    texts.set(name, cell);
  }
  return { row: Object.fromEntries(values), texts: Object.fromEntries(texts) };
}

/** `007` and `1e3` are texts: whoever writes them does not mean 7 and 1000. `10.50` is how prices are written. */
export function cellValue(cell: string): unknown {
  if (cell === 'true' || cell === 'false') return cell === 'true';
  const short = cell.replace(/^(-?\d+)(?:\.0+|(\.\d*[1-9])0+)$/, '$1$2');
  const number = Number(short);
  if (String(number) === short && Number.isFinite(number)) return number;
  if (!/^[[{]/.test(cell)) return cell;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return cell;
  }
}

/**
 * A row as `/import` takes it: the columns of its name, time, user and id are what they are, the others are properties,
 * and an object in a column `properties` is spread below them. Cells without a value are no properties. What lacks is
 * refused by ingestion, with its words.
 */
export function eventOfRow(
  row: TableRow,
  {
    mapping,
    timezone,
    texts,
  }: {
    readonly mapping: ColumnMapping;
    /** Of the project. */
    readonly timezone: string;
    readonly texts?: CellTexts | undefined;
  },
): object {
  const { event, time, user, leftOut, zone } = mapping;
  // A column of that name is the id of the row, whether somebody said so or not.
  const insertId = mapping.insertId ?? (leftOut.includes('$insert_id') ? null : '$insert_id');
  const nameIn = (column: string): unknown => nameOf(row, column, texts);
  const own = new Set([time, user, ...leftOut, ...(insertId === null ? [] : [insertId])]);
  if (event.type === 'column') own.add(event.column);
  const properties = propertiesOf(row, own);
  const set = (name: string, value: unknown): void => {
    if (!isNothing(value)) properties.set(name, value);
  };
  const at = cellOf(row, time);
  set('time', at instanceof Date ? at.getTime() : instantOf(at, zone === 'utc' ? 'UTC' : timezone));
  set('distinct_id', nameIn(user));
  if (insertId !== null) set('$insert_id', nameIn(insertId));
  return {
    event: (event.type === 'name' ? event.name.trim() : nameIn(event.column)) ?? null,
    properties: Object.fromEntries(properties),
  };
}

/** The columns that are not left out, over the members of an object in the column `properties`. */
export function propertiesOf(row: TableRow, leftOut: ReadonlySet<string>): Map<string, unknown> {
  // A map, and no object: a column may be called `__proto__`.
  const properties = new Map<string, unknown>();
  const given = cellOf(row, 'properties');
  const isSpread = isObject(given) && !leftOut.has('properties');
  if (isSpread) for (const [name, value] of Object.entries(given)) properties.set(name, value);
  for (const [column, value] of Object.entries(row)) {
    const isOwn = leftOut.has(column) || column === '' || (isSpread && column === 'properties');
    if (!isOwn && !isNothing(value)) properties.set(column, plainValue(value));
  }
  return properties;
}

/** Names and ids are texts, as they are written where that is known. */
export function nameOf(row: TableRow, column: string, texts?: CellTexts): unknown {
  const written = texts && cellOf(texts, column);
  if (written !== undefined) return written;
  const value = plainValue(cellOf(row, column));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** A row has no `constructor` unless its file does. */
const cellOf = (row: TableRow, column: string): unknown =>
  Object.hasOwn(row, column) ? row[column] : undefined;

/** Dates as Mixpanel writes them: to the second, in UTC. */
export function dateText(date: Date): string {
  return date.toISOString().slice(0, 19);
}

const plainValue = (value: unknown): unknown => (value instanceof Date ? dateText(value) : value);

/** An empty text is a value; an empty cell of CSV never gets here. */
const isNothing = (value: unknown): boolean => value === undefined || value === null;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
