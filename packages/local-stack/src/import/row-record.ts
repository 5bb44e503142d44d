import { type ImportRecord, parseRecord } from './records.ts';

/** Which columns of a table say what an event or a person is. */
export type RowColumns = {
  /** Name of all events of the file; null = a column has it. */
  readonly eventName: string | null;
  readonly eventColumn: string;
  readonly timeColumn: string;
  readonly idColumn: string;
};

export const defaultColumns: RowColumns = {
  eventName: null,
  eventColumn: 'event',
  timeColumn: 'time',
  idColumn: 'distinct_id',
};

export type RowOptions = {
  readonly token: string;
  readonly run: string;
  readonly people?: boolean;
  readonly columns: RowColumns;
};

type Row = Readonly<Record<string, unknown>>;

/**
 * A row of a table as a line of an import file would say it. Of an event the columns of its name, time and user are
 * what they are, the others are properties; an object in a column `properties` is spread over them. Of a person all
 * columns but the id are set. What lacks is refused by ingestion, with its words.
 */
export function rowRecord(row: Row, number: number, options: RowOptions): ImportRecord {
  const record = options.people === true ? personOf(row, options) : eventOf(row, options);
  return parseRecord(JSON.stringify(record), number, options);
}

function eventOf(row: Row, { columns }: RowOptions): object {
  const { eventName, eventColumn, timeColumn, idColumn } = columns;
  const { [timeColumn]: time, [idColumn]: id, properties, ...others } = row;
  const named: Record<string, unknown> = { ...spread(properties), ...others };
  if (eventName === null) delete named[eventColumn];
  if (time !== undefined) named.time = timeOf(time);
  if (id !== undefined) named.distinct_id = textOf(id);
  if (row.$insert_id !== undefined) named.$insert_id = textOf(row.$insert_id);
  return { event: eventName ?? textOf(row[eventColumn]) ?? null, properties: named };
}

function personOf(row: Row, { columns }: RowOptions): object {
  const column = '$distinct_id' in row ? '$distinct_id' : columns.idColumn;
  const { [column]: id, properties, ...others } = row;
  return { $distinct_id: textOf(id), $set: { ...spread(properties), ...others } };
}

/** An object gives its members; what is none is a property like others. */
function spread(properties: unknown): object {
  if (properties === undefined) return {};
  const isObject =
    typeof properties === 'object' && properties !== null && !Array.isArray(properties);
  return isObject ? properties : { properties };
}

/** Names and ids are texts, also where a table holds numbers. */
const textOf = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

const writtenTime = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Ms UTC of a date that is written out, in UTC where it names no zone; anything else as it is. */
function timeOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [, clock, , , zone] = writtenTime.exec(value) ?? [value];
  if (!writtenTime.test(value)) return value;
  const text = value.replace(' ', 'T');
  // A date without a clock is UTC as it stands.
  const ms = Date.parse(zone === undefined && clock !== undefined ? `${text}Z` : text);
  return Number.isNaN(ms) ? value : ms;
}
