import fs from 'node:fs';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import zlib from 'node:zlib';
import { fetchFailure } from '../fetch-failure.ts';

export type ExportOptions = {
  readonly apiUrl: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
  readonly projectId?: string;
  /** Days in UTC, `YYYY-MM-DD`, both ends inside. */
  readonly from: string;
  readonly to: string;
  /** One file a day lies here. */
  readonly folder: string;
  /** As lines of text, not packed. */
  readonly plain?: boolean;
  /** Days that are there already are written anew. */
  readonly again?: boolean;
  /** Further parameters of `/api/2.0/export`: `event`, `where`, `time_in_ms`. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onRetry?: (text: string) => void;
  readonly onDay?: (done: number, total: number) => void;
};

export type ExportReport = {
  readonly events: number;
  readonly days: number;
  /** Days whose files were whole. */
  readonly kept: number;
};

/** Asking any further makes no sense. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

const dayMs = 86_400_000;
const attemptsMax = 8;
const firstWaitMs = 500;
const waitMsMax = 30_000;

/**
 * Writes the events of each day into a file of its own, `2024-03-04.ndjson.gz`. A file has its name once it is whole, and
 * is not asked for again, so an export that was cut short is simply run again. A file that was made before its day
 * was over is made anew. Memory does not grow with the days. Throws `ExportError`.
 */
export async function exportDays(options: ExportOptions): Promise<ExportReport> {
  fs.mkdirSync(options.folder, { recursive: true });
  const days = daysOf(options.from, options.to);
  let events = 0;
  let kept = 0;
  for (const [i, day] of days.entries()) {
    const file = path.join(options.folder, `${day}.ndjson${options.plain === true ? '' : '.gz'}`);
    if (options.again !== true && isWhole(file, day)) kept++;
    else events += await exportDay(day, file, options);
    options.onDay?.(i + 1, days.length);
  }
  return { events, days: days.length, kept };
}

function daysOf(from: string, to: string): string[] {
  const [first, last] = [from, to].map((day) => Date.parse(`${day}T00:00:00Z`));
  if (first === undefined || last === undefined || Number.isNaN(first) || Number.isNaN(last)) {
    throw new ExportError(`"${from}" to "${to}": both must be days, YYYY-MM-DD`);
  }
  if (first > last) throw new ExportError(`${from} is after ${to}`);
  const count = Math.round((last - first) / dayMs) + 1;
  return Array.from({ length: count }, (_, i) =>
    new Date(first + i * dayMs).toISOString().slice(0, 10),
  );
}

function isWhole(file: string, day: string): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs >= Date.parse(`${day}T00:00:00Z`) + dayMs;
}

async function exportDay(day: string, file: string, options: ExportOptions): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await tryDay(day, file, options);
    if (typeof outcome === 'number') return outcome;
    if (attempt + 1 >= attemptsMax) throw new ExportError(`${day}: gave up: ${outcome.reason}`);
    const waitMs = outcome.retryAfterMs ?? Math.min(waitMsMax, firstWaitMs * 2 ** attempt);
    options.onRetry?.(`${day}: ${outcome.reason}, asking again in ${waitMs} ms`);
    await options.sleep(waitMs);
  }
}

type Again = { readonly reason: string; readonly retryAfterMs: number | null };

/** How many events the file has, or why the day must be asked for again. */
async function tryDay(day: string, file: string, options: ExportOptions): Promise<number | Again> {
  const part = `${file}.part`;
  // A day is as it was when it was asked for, not when the file was closed.
  const askedAt = new Date(options.now());
  try {
    const response = await ask(day, options);
    if (response.status === 429 || response.status >= 500) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const retryAfterMs = seconds >= 0 ? seconds * 1000 : null;
      return { reason: `the api answered ${response.status}`, retryAfterMs };
    }
    if (response.status !== 200) throw new ExportError(await refusalOf(response));
    const lines = await writeLines(response, part, options.plain === true);
    fs.utimesSync(part, askedAt, askedAt);
    fs.renameSync(part, file);
    return lines;
  } catch (error) {
    if (error instanceof ExportError) throw error;
    if (isLocal(error)) throw error;
    return { reason: `${options.apiUrl}: ${fetchFailure(error)}`, retryAfterMs: null };
  } finally {
    fs.rmSync(part, { force: true });
  }
}

function ask(day: string, { apiUrl, authorization, projectId, parameters }: ExportOptions) {
  const url = new URL('/api/2.0/export', apiUrl);
  url.search = new URLSearchParams({
    ...parameters,
    from_date: day,
    to_date: day,
    ...(projectId !== undefined && { project_id: projectId }),
  }).toString();
  return fetch(url, { headers: { authorization, 'accept-encoding': 'gzip' } });
}

async function refusalOf(response: Response): Promise<string> {
  const text = await response.text();
  return `the api refused (${response.status}): ${text.slice(0, 500)}`;
}

/** Answers how many lines there were; throws when the answer breaks off. */
async function writeLines(response: Response, part: string, plain: boolean): Promise<number> {
  let lines = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
      done(null, chunk);
    },
  });
  const body = response.body as ReadableStream<Uint8Array> | null;
  const source = body === null ? Readable.from([]) : Readable.fromWeb(body);
  const target = fs.createWriteStream(part);
  if (plain) await pipeline(source, count, target);
  else await pipeline(source, count, zlib.createGzip(), target);
  return lines;
}

/** A full disk or a folder that may not be written: asking again does not help. */
function isLocal(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EISDIR', 'ENOENT'].includes(code ?? '');
}
