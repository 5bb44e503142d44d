import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { ApiError } from '../errors.ts';
import { answerErrors } from './rest-errors.ts';
import type { StreamUpdate } from './update-stream.ts';
import { eventStream, ndjson, sendUpdates, streamTypeOf } from './update-stream.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** An app whose only route streams what `updates` gives. */
function streaming(updates: (signal: AbortSignal) => AsyncGenerator<StreamUpdate>) {
  const app = Fastify({ forceCloseConnections: true });
  answerErrors(app, silentLogger);
  app.get('/', async (request, reply) => {
    const type = streamTypeOf(request);
    if (type === null) return { whole: true };
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const { signal } = gone;
    return sendUpdates(reply, updates(signal), { type, signal, pingEveryMs: 20 });
  });
  closing.push(() => app.close());
  return app;
}

const progress = (done: number) => ({ update: { type: 'progress', done } });

async function* twoUpdates(): AsyncGenerator<StreamUpdate> {
  yield await Promise.resolve(progress(1));
  const result = { type: 'result', text: 'a\nb' };
  yield { id: '7-0', update: result };
}

test('writes an update a line, or an event with its name and place', async () => {
  const app = streaming(twoUpdates);
  const lines = await app.inject({ url: '/', headers: { accept: ndjson } });
  expect(lines.headers['content-type']).toBe(ndjson);
  expect(lines.body).toBe('{"type":"progress","done":1}\n{"type":"result","text":"a\\nb"}\n');
  const events = await app.inject({ url: '/', headers: { accept: eventStream } });
  expect(events.headers['content-type']).toBe(eventStream);
  expect(events.body).toBe(
    'event: progress\ndata: {"type":"progress","done":1}\n\n' +
      'id: 7-0\nevent: result\ndata: {"type":"result","text":"a\\nb"}\n\n',
  );
  expect((await app.inject({ url: '/', headers: { accept: '*/*' } })).json()).toEqual({
    whole: true,
  });
});

test('what fails at once is answered with a status, what fails later with an error as the last update', async () => {
  const problem = new ApiError('TIMEOUT', 'the query took more than 30 s');
  const app = streaming(async function* () {
    yield await Promise.resolve(progress(0));
    throw problem;
  });
  const { body } = await app.inject({ url: '/', headers: { accept: eventStream } });
  const [, last = ''] = body.split('\n\n');
  expect(last).toBe(
    `event: error\ndata: ${JSON.stringify({ type: 'error', error: problem.body() })}`,
  );
  // oxlint-disable-next-line require-yield -- it fails before it has anything to give.
  const failing = streaming(async function* () {
    await Promise.reject(problem);
  });
  const refused = await failing.inject({ url: '/', headers: { accept: ndjson } });
  expect([refused.statusCode, refused.json()]).toEqual([504, { error: problem.body() }]);
});

test('sends comments while there is nothing else', async () => {
  const app = streaming(async function* () {
    yield progress(0);
    await new Promise((resolve) => setTimeout(resolve, 70));
    yield progress(1);
  });
  const { body } = await app.inject({ url: '/', headers: { accept: eventStream } });
  const parts = body.split('\n\n').filter((part) => part !== '');
  expect(parts.at(0)).toContain('"done":0');
  expect(parts.slice(1, -1).every((part) => part === ': ping')).toBe(true);
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.at(-1)).toContain('"done":1');
});

test.each([ndjson, eventStream])('ends when the client of %s goes away', async (accept) => {
  let ended = false;
  const app = streaming(async function* (signal) {
    try {
      yield progress(0);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      throw new ApiError('CANCELLED', 'the query was cancelled');
    } finally {
      ended = true;
    }
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    headers: { accept },
    signal: leaving.signal,
  });
  const first = await response.body?.getReader().read();
  expect(Buffer.from(first?.value as Uint8Array).toString()).toContain('"done":0');
  leaving.abort();
  await expect.poll(() => ended).toBe(true);
});
