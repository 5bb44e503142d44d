import { defaultColumns, type RowColumns } from '../import/row-record.ts';
import { type FileFormat, fileFormats } from '../import/read-file.ts';
import type { OptionPlan, ParsedCommand } from '../parse-command.ts';
import { CliError, textOption } from './command.ts';

/** Options of `cli import` that say how a file is read. */
export const readingOptions: Readonly<Record<string, OptionPlan>> = {
  people: { type: 'boolean', about: 'every record is a person' },
  format: {
    type: 'string',
    value: 'FORMAT',
    about: 'ndjson, csv or parquet (first bytes and name tell)',
  },
  event: { type: 'string', value: 'NAME', about: 'tables: name of all events of the file' },
  'event-column': { type: 'string', value: 'NAME', about: 'tables: column of the event (event)' },
  'time-column': { type: 'string', value: 'NAME', about: 'tables: column of the time (time)' },
  'id-column': {
    type: 'string',
    value: 'NAME',
    about: 'tables: column of the user (distinct_id)',
  },
  'from-line': { type: 'string', value: 'N', about: 'go on with this line, or row of Parquet' },
  refused: {
    type: 'string',
    value: 'FILE',
    about: 'write what was refused here, a JSON line each',
  },
};

export function formatOption(parsed: ParsedCommand): FileFormat | undefined {
  const text = textOption(parsed, 'format');
  const format = fileFormats.find((one) => one === text);
  if (text === undefined || format !== undefined) return format;
  throw new CliError(`--format "${text}" is none of ${fileFormats.join(', ')}`);
}

export function columnsOption(parsed: ParsedCommand): RowColumns {
  return {
    eventName: textOption(parsed, 'event') ?? defaultColumns.eventName,
    eventColumn: textOption(parsed, 'event-column') ?? defaultColumns.eventColumn,
    timeColumn: textOption(parsed, 'time-column') ?? defaultColumns.timeColumn,
    idColumn: textOption(parsed, 'id-column') ?? defaultColumns.idColumn,
  };
}

export function fromLineOption(parsed: ParsedCommand): number {
  const text = textOption(parsed, 'from-line') ?? '1';
  const line = Number(text);
  if (Number.isSafeInteger(line) && line >= 1) return line;
  throw new CliError(`--from-line "${text}": must be a number from 1 on`);
}
