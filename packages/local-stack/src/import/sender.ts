import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { z } from 'zod';
import { fetchFailure } from '../fetch-failure.ts';
import { halve, type ImportBatch } from './batches.ts';

const gzip = promisify(zlib.gzip);

/** A refused record, by the line of the file it stands on. */
export type Refusal = { readonly line: number; readonly reason: string };

export type SendResult = { readonly accepted: number; readonly refused: readonly Refusal[] };

/** Sending any further makes no sense: the credentials are wrong, or nobody answers. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

type Destination = {
  readonly apiUrl: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
  /** Needed with a service account, which may belong to several projects. */
  readonly projectId?: string;
};

export type SenderOptions = Destination & {
  readonly onRetry?: (text: string) => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random?: () => number;
  /** How long to go on with one batch before giving up. */
  readonly giveUpMs?: number;
};

const requestMsMax = 60_000;
const firstWaitMs = 500;
const waitMsMax = 30_000;

const failedRecordSchema = z.object({
  index: z.number().int(),
  field: z.string().optional(),
  message: z.string(),
});
const answerSchema = z.object({
  error: z.string().nullish(),
  num_records_imported: z.number().int().optional(),
  num_good_events: z.number().int().optional(),
  failed_records: z.array(failedRecordSchema).optional(),
});

/**
 * Sends one batch until it is answered: an overloaded or absent server is asked again after a growing
 * pause, or the one it names. Repeating a batch of events is harmless, because each carries its own id.
 */
export async function sendBatch(batch: ImportBatch, options: SenderOptions): Promise<SendResult> {
  const body = await gzip(`[${batch.records.join(',')}]`, { level: 3 });
  const { sleep, random = Math.random, giveUpMs = 15 * 60_000 } = options;
  const giveUpAt = Date.now() + giveUpMs;
  for (let attempt = 0; ; attempt++) {
    const answer = await post(batch.kind, body, options);
    if (answer.type === 'done') return judge(batch, answer.status, answer.text);
    if (answer.type === 'too-large') return sendHalves(batch, answer.text, options);
    if (Date.now() > giveUpAt) {
      throw new ImportError(`gave up after ${Math.round(giveUpMs / 60_000)} min: ${answer.reason}`);
    }
    const growingMs = Math.min(waitMsMax, firstWaitMs * 2 ** attempt) * (0.75 + random() / 2);
    const waitMs = Math.round(answer.retryAfterMs ?? growingMs);
    options.onRetry?.(`${answer.reason}, sending again in ${waitMs} ms`);
    await sleep(waitMs);
  }
}

/**
 * Throws when no project has this token. `/engage` cannot tell: like every endpoint that browsers
 * use it answers success for a token it does not know. An API that is away is no answer.
 */
export async function requireToken(apiUrl: string, token: string): Promise<void> {
  const authorization = basicCredentials(`${token}:`);
  const body = await gzip('[]');
  await post('event', body, { apiUrl, authorization });
}

/** `user:password` as the value of an Authorization header. */
export const basicCredentials = (credentials: string): string =>
  `Basic ${Buffer.from(credentials).toString('base64')}`;

type Answer =
  | { type: 'done'; status: number; text: string }
  | { type: 'too-large'; text: string }
  | { type: 'again'; reason: string; retryAfterMs: number | null };

async function post(
  kind: ImportBatch['kind'],
  body: Buffer,
  { apiUrl, authorization, projectId }: Destination,
): Promise<Answer> {
  const url = new URL(kind === 'event' ? '/import' : '/engage', apiUrl);
  url.searchParams.set('strict', '1');
  // The records of a file were made elsewhere: the address of this machine says nothing about them.
  url.searchParams.set('ip', '0');
  if (projectId !== undefined) url.searchParams.set('project_id', projectId);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', authorization },
      body,
      signal: AbortSignal.timeout(requestMsMax),
    });
    text = await response.text();
  } catch (error) {
    return { type: 'again', reason: `${apiUrl}: ${fetchFailure(error)}`, retryAfterMs: null };
  }
  const { status } = response;
  if (status === 429 || status >= 500) {
    const reason = `${url.pathname} answered ${status}`;
    return { type: 'again', reason, retryAfterMs: retryAfterMs(response) };
  }
  if (status === 401 || status === 403) {
    throw new ImportError(
      `the project does not know these credentials (${status}): ${text.trim()}`,
    );
  }
  if (status === 404)
    throw new ImportError(`${apiUrl} has no ${url.pathname}: is that Arbor's api?`);
  return status === 413 ? { type: 'too-large', text } : { type: 'done', status, text };
}

function judge(batch: ImportBatch, status: number, text: string): SendResult {
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new ImportError(`unexpected answer ${status}: ${text.slice(0, 300)}`);
  const { failed_records: failed = [], error } = parsed.data;
  const refused = failed.map(({ index, field, message }) => ({
    line: batch.lines[index] ?? 0,
    reason: field === undefined ? message : `${field}: ${message}`,
  }));
  if (status !== 200 && refused.length === 0) {
    throw new ImportError(`the api refused a whole batch (${status}): ${error ?? text}`);
  }
  const counted = parsed.data.num_records_imported ?? parsed.data.num_good_events;
  return { accepted: counted ?? batch.records.length - refused.length, refused };
}

async function sendHalves(
  batch: ImportBatch,
  text: string,
  options: SenderOptions,
): Promise<SendResult> {
  const [line = 0] = batch.lines;
  if (batch.records.length === 1) return { accepted: 0, refused: [{ line, reason: text.trim() }] };
  const [left, right] = halve(batch);
  // One after the other: people's operations keep the order of the file.
  const first = await sendBatch(left, options);
  const second = await sendBatch(right, options);
  return {
    accepted: first.accepted + second.accepted,
    refused: [...first.refused, ...second.refused],
  };
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
