import type { ColumnMapping } from '@arbor/schema/imports';

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

/**
 * Whether a row is an event as `/import` takes it: the exports of Mixpanel and of Arbor. One of a table is only if it has
 * nothing beside: other columns have to be told what they are.
 */
export function isEventRow(row: unknown, { isLine }: { readonly isLine: boolean }): boolean {
  if (typeof row !== 'object' || row === null) return false;
  const { event, properties, ...others } = row as Readonly<Record<string, unknown>>;
  if (!isLine && Object.keys(others).length > 0) return false;
  return typeof event === 'string' && typeof properties === 'object' && properties !== null;
}
