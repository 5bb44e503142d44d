import net from 'node:net';
import { once } from 'node:events';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { readRefusedBodies } from './refused-bodies.ts';

const bytesMax = 1000;
const large = 'x'.repeat(20 * 1024 * 1024);

let app: FastifyInstance;
afterEach(() => app.close());

async function start(msMax = 60_000): Promise<number> {
  app = Fastify({ bodyLimit: bytesMax });
  readRefusedBodies(app, { msMax });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/', ({ body }) => String(body).length);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as net.AddressInfo).port;
}

const send = async (
  port: number,
  body: string | ReadableStream<Uint8Array>,
): Promise<[number, string]> => {
  const headers = { 'content-type': 'text/plain' };
  const url = `http://127.0.0.1:${port}/`;
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  } as RequestInit);
  return [response.status, await response.text()];
};

test('a body that is too large is answered 413, however much of it is still on its way', async () => {
  const port = await start();
  for (let time = 0; time < 5; time++) {
    expect(await send(port, large)).toMatchObject([413, expect.stringContaining('too large')]);
  }
  expect(await send(port, 'small')).toEqual([200, '5']);
});

test('also one whose length no header names', async () => {
  const port = await start();
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let piece = 0; piece < 100; piece++) controller.enqueue(new Uint8Array(100_000));
      controller.close();
    },
  });
  expect((await send(port, pieces))[0]).toBe(413);
});

test('the connection serves the next request', async () => {
  const port = await start();
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const request = (body: string, more = ''): string =>
    `POST / HTTP/1.1\r\nhost: x\r\n${more}content-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  socket.write(request(large) + request('small', 'connection: close\r\n'));
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*HTTP\/1\.1 200 /);
});

test('a client that closes the connection itself has the answer when it has sent all', async () => {
  const port = await start();
  // Most read nothing before that, and give up where they cannot write.
  const head = `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${large.length}\r\n\r\n`;
  for (let time = 0; time < 5; time++) {
    const socket = net.connect(port, '127.0.0.1').setEncoding('utf8').pause();
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(head + large, (error) => (error ? reject(error) : resolve()));
    });
    let text = '';
    socket.on('data', (chunk: string) => (text += chunk)).resume();
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
  }
});

test.each(['keep-alive', 'close'])('who does not stop sending is cut off (%s)', async (way) => {
  const port = await start(50);
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const closed = once(socket, 'close');
  socket.write(
    `POST / HTTP/1.1\r\nhost: x\r\nconnection: ${way}\r\ncontent-type: text/plain\r\ncontent-length: 9999\r\n\r\nx`,
  );
  await closed;
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
});
