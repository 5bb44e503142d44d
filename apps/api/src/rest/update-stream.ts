import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toApiError } from '../errors.ts';

export const ndjson = 'application/x-ndjson';
export const eventStream = 'text/event-stream';

export type StreamType = typeof ndjson | typeof eventStream;

/** One of a stream: its `type` is the name of the event, its `id` what a reader that reconnects sends back. */
export interface StreamUpdate {
  readonly update: { readonly type: string };
  readonly id?: string;
}

/** Proxies close what is silent for a minute or less. */
const defaultPingEveryMs = 10_000;

export interface StreamOptions {
  readonly type: StreamType;
  readonly signal: AbortSignal;
  /** Of server-sent events: lines of JSON have no comments. */
  readonly pingEveryMs?: number;
}

/** The stream that a client asks for; null = a whole answer. */
export function streamTypeOf({ headers: { accept = '' } }: FastifyRequest): StreamType | null {
  if (accept.includes(ndjson)) return ndjson;
  return accept.includes(eventStream) ? eventStream : null;
}

/**
 * Answers with a line of JSON or a server-sent event for each update. What fails before its first update is answered like
 * any other request, with a status; later the last update is `{ "type": "error", "error": { code, message, help } }`.
 * `signal` says that the client is gone.
 */
export async function sendUpdates(
  reply: FastifyReply,
  updates: AsyncGenerator<StreamUpdate>,
  options: StreamOptions,
): Promise<FastifyReply> {
  const { type, signal } = options;
  const write = type === ndjson ? lineOf : eventOf;
  const first = await updates.next();
  async function* texts(): AsyncGenerator<string> {
    try {
      if (first.done !== true) yield write(first.value);
      for await (const update of updates) yield write(update);
    } catch (error) {
      const last = { type: 'error', error: toApiError(error).body() };
      if (!signal.aborted) yield write({ update: last });
    } finally {
      await updates.return(undefined);
    }
  }
  return (
    reply
      .header('content-type', type)
      .header('cache-control', 'no-store')
      // Proxies that gather answers would hold progress back until it is of no use.
      .header('x-accel-buffering', 'no')
      .send(Readable.from(type === ndjson ? texts() : withPings(texts(), options)))
  );
}

const lineOf = ({ update }: StreamUpdate): string => `${JSON.stringify(update)}\n`;

/** JSON has no line ends: one line of data is the whole. */
function eventOf({ update, id }: StreamUpdate): string {
  const place = id === undefined ? '' : `id: ${id}\n`;
  return `${place}event: ${update.type}\ndata: ${JSON.stringify(update)}\n\n`;
}

/** A comment, which readers skip, whenever there was nothing else for a while. */
async function* withPings(
  texts: AsyncGenerator<string>,
  { signal, pingEveryMs = defaultPingEveryMs }: StreamOptions,
): AsyncGenerator<string> {
  try {
    let next = texts.next();
    for (;;) {
      const text = await within(next, pingEveryMs);
      if (text === null) {
        yield ': ping\n\n';
        continue;
      }
      if (text.done === true) return;
      yield text.value;
      next = texts.next();
    }
  } finally {
    // A generator that waits for its next value returns only after it; once the client is gone that comes by itself.
    if (!signal.aborted) await texts.return(undefined);
  }
}

/** Null: it takes longer. */
async function within<T>(next: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([next, late]);
  } finally {
    clearTimeout(timer);
  }
}
