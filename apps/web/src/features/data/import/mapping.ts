import type { ColumnMapping } from '@arbor/schema/imports';
import { instantOf } from './written-time.ts';

/** A row of a table by its columns: texts, numbers and booleans, lists and objects. */
export type TableRow = Readonly<Record<string, unknown>>;
/** Its cells as they are written: `1.10` and `1.1` are one number, and two names. */
export type CellTexts = Readonly<Record<string, string>>;

/** How columns are called where the file is another tool's; matched without case, spaces, `$` and `_`. */
const guesses = {
  event: ['event', 'eventname', 'eventtype', 'name', 'action'],
  time: [
    'time',
    'timestamp',
    'eventtime',
    'clienteventtime',
    'date',
    'datetime',
    'createdat',
    'ts',
  ],
  user: ['distinctid', 'userid', 'user', 'personid', 'email', 'deviceid', 'anonymousid', 'id'],
  insertId: ['insertid', 'messageid', 'eventid', 'uuid'],
} as const;

const plain = (column: string): string => column.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

function guess(columns: readonly string[], of: keyof typeof guesses): string | null {
  for (const name of guesses[of]) {
    const column = columns.find((each) => plain(each) === name);
    if (column !== undefined) return column;
  }
  return null;
}

/** What the columns probably are; a column serves once. "" = nobody can tell, and a person has to. */
export function guessMapping(columns: readonly string[]): ColumnMapping {
  const event = guess(columns, 'event');
  const rest = columns.filter((column) => column !== event);
  return {
    event: event === null ? { type: 'name', name: '' } : { type: 'column', column: event },
    time: guess(rest, 'time') ?? '',
    zone: 'utc',
    user: guess(rest, 'user') ?? '',
    insertId: guess(rest, 'insertId'),
    leftOut: [],
  };
}

/** What still has to be chosen, in words; null = the mapping can be used. */
export function mappingProblem({ event, time, user }: ColumnMapping): string | null {
  if (event.type === 'name' ? event.name.trim() === '' : event.column === '') {
    return 'Choose the column of the event, or give all rows one name';
  }
  if (time === '') return 'Choose the column of the time';
  return user === '' ? 'Choose the column of the user' : null;
}

/** Whether each row is an event as `/import` takes it: the exports of Mixpanel and of Arbor. */
export function isEventRow(row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return false;
  const { event, properties } = row as { readonly event?: unknown; readonly properties?: unknown };
  return typeof event === 'string' && typeof properties === 'object' && properties !== null;
}

/**
 * A row as `/import` takes it. Cells without a value are no properties; an object in a column `properties` is spread
 * over them. What lacks is refused by the server, with its words.
 */
export function eventOfRow(
  row: TableRow,
  {
    mapping,
    timezone,
    texts,
  }: {
    readonly mapping: ColumnMapping;
    readonly timezone: string;
    readonly texts?: CellTexts | undefined;
  },
): object {
  const { event, time, user, insertId, leftOut, zone } = mapping;
  const nameIn = (column: string): unknown => texts?.[column] ?? textOf(row[column]);
  const own = new Set([time, user, ...leftOut, ...(insertId === null ? [] : [insertId])]);
  if (event.type === 'column') own.add(event.column);
  const properties: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    if (own.has(column) || column === '' || isNothing(value)) continue;
    if (column === 'properties' && isObject(value)) Object.assign(properties, value);
    else properties[column] = value;
  }
  set(properties, 'time', instantOf(row[time], zone === 'utc' ? 'UTC' : timezone));
  set(properties, 'distinct_id', nameIn(user));
  if (insertId !== null) set(properties, '$insert_id', nameIn(insertId));
  return {
    event: event.type === 'name' ? event.name.trim() : nameIn(event.column),
    properties,
  };
}

function set(properties: Record<string, unknown>, name: string, value: unknown): void {
  if (!isNothing(value)) properties[name] = value;
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names and ids are texts, also where a table holds numbers. */
const textOf = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

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
