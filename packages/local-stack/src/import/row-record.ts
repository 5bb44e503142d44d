import type { ColumnMapping } from '@arbor/schema/imports';
import {
  type CellTexts,
  eventOfRow,
  nameOf,
  plainColumns,
  propertiesOf,
  type TableRow,
} from '@arbor/schema/table-rows';
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
  timeColumn: plainColumns.time,
  idColumn: plainColumns.user,
};

export type RowOptions = {
  readonly token: string;
  readonly run: string;
  readonly people?: boolean;
  readonly columns: RowColumns;
};

type ReadRow = { readonly row: TableRow; readonly texts?: CellTexts };

/** A row of a table as a line of an import file would say it. Of a person all columns but the id are set. */
export function rowRecord(read: ReadRow, number: number, options: RowOptions): ImportRecord {
  const record =
    options.people === true
      ? personOf(read, options)
      : eventOfRow(read.row, { ...read, mapping: mappingOf(options.columns), timezone: 'UTC' });
  return parseRecord(JSON.stringify(record), number, options);
}

function mappingOf({ eventName, eventColumn, timeColumn, idColumn }: RowColumns): ColumnMapping {
  const event: ColumnMapping['event'] =
    eventName === null
      ? { type: 'column', column: eventColumn }
      : { type: 'name', name: eventName };
  return { ...plainColumns, event, time: timeColumn, user: idColumn };
}

function personOf({ row, texts }: ReadRow, { columns }: RowOptions): object {
  const column = Object.hasOwn(row, '$distinct_id') ? '$distinct_id' : columns.idColumn;
  const values = propertiesOf(row, new Set([column]));
  return { $distinct_id: nameOf(row, column, texts), $set: Object.fromEntries(values) };
}
