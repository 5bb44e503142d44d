import { randomBytes } from 'node:crypto';
import { eachLine, readLineBlocks } from '@arbor/runtime/line-file';
import { lineInsertId } from '@arbor/runtime/line-insert-id';

/** One line of an import file, ready to be sent, or what is wrong with it. */
export type ImportRecord =
  | {
      readonly kind: 'event' | 'person';
      /** Counted from 1, as editors do. */
      readonly line: number;
      readonly json: string;
    }
  | { readonly kind: 'refused'; readonly line: number; readonly reason: string };

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a file of one JSON record a line, packed with gzip or not (its first bytes tell), in a stream:
 * memory does not grow with the file. `onBytes` is told how much of the file has been read.
 */
export async function* readRecords(
  file: string,
  options: {
    token: string;
    /** Takes every record as a person, for records whose shape does not tell. */
    people?: boolean;
    onBytes?: (bytes: number) => void;
  },
): AsyncGenerator<ImportRecord> {
  const run = newRun();
  let number = 1;
  for await (const block of readLineBlocks(file)) {
    const records: ImportRecord[] = [];
    number = eachLine(block, number, ({ start, end, line }) => {
      const text = block.bytes.toString('utf8', start, end);
      if (text.trim() !== '') records.push(parseRecord(text, line, { ...options, run }));
    });
    options.onBytes?.(block.readBytes);
    yield* records;
  }
}

/** A name for one run of an import. */
export const newRun = (): string => randomBytes(8).toString('hex');

/**
 * Records pass as they are, except that one without `$insert_id` gets an id. That of an event is made of
 * its content and its line: the same file imported again adds nothing, while two equal lines stay two
 * events. That of a person holds within one `run` of the import: a request sent twice is applied once,
 * but a file that is imported again sets its values again, which is what it is imported for. People
 * also get the project's token, which their endpoint reads from each record.
 */
export function parseRecord(
  line: string,
  number: number,
  { token, run, people = false }: { token: string; run: string; people?: boolean },
): ImportRecord {
  const record = parseObject(line);
  if (typeof record === 'string') return { kind: 'refused', line: number, reason: record };
  if (!people && 'event' in record) {
    return { kind: 'event', line: number, json: withInsertId(record, line, number) };
  }
  if (people || isPerson(record)) {
    const $insert_id = record.$insert_id ?? `${run}-${number}`;
    const update = { ...record, $token: token, $insert_id };
    return { kind: 'person', line: number, json: JSON.stringify(update) };
  }
  const reason = 'neither an event (no "event") nor a person (no "$distinct_id" with "$set", …)';
  return { kind: 'refused', line: number, reason };
}

function parseObject(line: string): Json | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Json) : 'not a JSON object';
}

const isPerson = (record: Json): boolean =>
  '$distinct_id' in record &&
  Object.keys(record).some((key) => /^\$(set|add|append|union|remove|unset|delete)/.test(key));

function withInsertId(record: Json, line: string, number: number): string {
  const { properties } = record;
  if (typeof properties !== 'object' || properties === null) return line; // refused with a reason by the api
  if ((properties as Json).$insert_id !== undefined) return line;
  const $insert_id = lineInsertId(number, Buffer.from(line));
  return JSON.stringify({ ...record, properties: { ...properties, $insert_id } });
}
