import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asked, Endpoint } from '../endpoint.ts';
import { acceptsGzip } from '../../rest/accepts-gzip.ts';
import { readWhere } from '../where.ts';
import type { DataDeps } from './data-deps.ts';

/** Mixpanel's; whoever wants more leaves it out. */
const limitMax = 100_000;
/** Shorter answers gain nothing from being compressed. */
const compressedBytesMin = 1400;
/** Beyond what any clock says. */
const timeMax = 8.64e15;

/**
 * `/export` (`query-api.md` 12): the events of a range as lines of JSON, in order of time and each once (decision 5),
 * streamed: as much is read as the caller takes. Days are of UTC, with `time_zone=project` of the project's zone.
 * `from_time` (ms UTC) leaves out what lies before: with the time of the last line that came, a download goes on.
 */
export function exportEndpoint({ exports }: DataDeps): Endpoint {
  return {
    path: '/export',
    handle: async (asked) => {
      const { project, parameters, signal, request, reply } = asked;
      const zone = parameters.choice('time_zone', ['utc', 'project']) ?? 'utc';
      const lines = exports.lines({
        project,
        range: parameters.dates(),
        timezone: zone === 'utc' ? 'UTC' : project.timezone,
        filters: readWhere(parameters, 'where'),
        events: eventsOf(asked),
        fromMs: parameters.integer('from_time', { min: 0, max: timeMax }) ?? null,
        limit: parameters.integer('limit', { min: 1, max: limitMax }) ?? null,
        timeInMs: parameters.flag('time_in_ms') ?? false,
        signal,
      });
      // Clients take anything but text for a file.
      void reply.type('text/plain; charset=utf-8');
      return sendLines(lines, request, reply);
    },
  };
}

/** A JSON array, or one name as it is: an empty array means all, as none at all does. */
function eventsOf({ parameters }: Asked): string[] | null {
  const text = parameters.text('event')?.trim();
  if (text === undefined) return null;
  if (!text.startsWith('[')) return [text];
  const events = parameters.texts('event');
  return events === undefined || events.length === 0 ? null : events;
}

/** What is wrong before the first line is an answer of its own; afterwards the connection breaks off. */
async function sendLines(
  lines: AsyncGenerator<Uint8Array>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const begun: Uint8Array[] = [];
  let bytes = 0;
  let isWhole = false;
  while (!isWhole && bytes < compressedBytesMin) {
    const next = await lines.next();
    if (next.done === true) isWhole = true;
    else {
      begun.push(next.value);
      bytes += next.value.byteLength;
    }
  }
  if (isWhole && bytes < compressedBytesMin) return reply.send(Buffer.concat(begun));
  const source = Readable.from(following(begun, lines), { objectMode: false });
  if (!acceptsGzip(request.headers)) return reply.send(source);
  void reply.header('content-encoding', 'gzip').header('vary', 'accept-encoding');
  const sent = new PassThrough();
  // Errors destroy what is sent, and with it the connection.
  pipeline(source, createGzip(), sent).catch(() => undefined);
  return reply.send(sent);
}

async function* following(
  begun: readonly Uint8Array[],
  lines: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* begun;
  yield* lines;
}
