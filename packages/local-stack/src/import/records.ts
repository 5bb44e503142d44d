import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import readline from 'node:readline';
import { pipeline, Transform, type Readable } from 'node:stream';
import zlib from 'node:zlib';

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

/** 48 bits tell the events of one user at one time and of one name apart, and cost 6 bytes an event. */
const insertIdDigits = 12;

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
  let number = 0;
  for await (const line of linesOf(file, options.onBytes)) {
    number++;
    if (line.trim() === '') continue;
    yield parseRecord(line, number, { ...options, run });
  }
}

/** A name for one run of an import. */
export const newRun = (): string => randomBytes(8).toString('hex');

/**
 * Records pass as they are, except that one without `$insert_id` gets an id. That of an event is made of
 * its content and its line: the same file imported again adds nothing, while two equal lines stay two
 * events. (The bulk import of apps/worker makes the same ones.) That of a person holds within one `run` of the import: a request sent twice is applied once,
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
  const hash = createHash('sha256').update(`${number}\n${line}`).digest('hex');
  const $insert_id = hash.slice(0, insertIdDigits);
  return JSON.stringify({ ...record, properties: { ...properties, $insert_id } });
}

function linesOf(
  file: string,
  onBytes: ((bytes: number) => void) | undefined,
): AsyncIterable<string> {
  let read = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      onBytes?.(read);
      done(null, chunk);
    },
  });
  const source = fs.createReadStream(file, { highWaterMark: 256 * 1024 });
  const text: Readable = isGzip(file)
    ? pipeline(source, count, zlib.createGunzip(), ignoreError)
    : pipeline(source, count, ignoreError);
  return linesOrError(text);
}

/** The error reaches the reader through the last stream; this only keeps it from being thrown a second time. */
function ignoreError(): void {}

/** readline takes the error of its input for an end, as if the file were whole; this throws it. */
async function* linesOrError(text: Readable): AsyncGenerator<string> {
  const lines = readline.createInterface({ input: text, crlfDelay: Infinity });
  let failure: Error | null = null;
  text.once('error', (error: Error) => {
    failure = error;
    lines.close();
  });
  for await (const line of lines) yield line;
  if (failure !== null) throw failure;
}

function isGzip(file: string): boolean {
  const handle = fs.openSync(file, 'r');
  try {
    const magic = Buffer.alloc(2);
    return fs.readSync(handle, magic, 0, 2, 0) === 2 && magic.readUInt16BE(0) === 0x1f8b;
  } finally {
    fs.closeSync(handle);
  }
}
