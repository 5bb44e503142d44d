import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requestStorage, textOf } from './storage-request.ts';

let server: http.Server;
let url: URL;
let connections = 0;
let answer: http.RequestListener;

beforeEach(async () => {
  connections = 0;
  server = http.createServer((request, response) => answer(request, response));
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/lqs/query`);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const post = (signal = new AbortController().signal, body: string | Uint8Array = 'asked') =>
  requestStorage(url, { method: 'POST', headers: { 'x-key': 'secret' }, body, signal });

test('sends method, path, headers and body, and gives the answer', async () => {
  answer = (request, response) => {
    void textOf(request).then((body) => {
      const { method, headers } = request;
      response
        .writeHead(409)
        .end(`${method} ${request.url} ${headers['x-key']?.toString()} ${body}`);
    });
  };
  const response = await post(undefined, new TextEncoder().encode('grün'));
  expect(response.statusCode).toBe(409);
  expect(await textOf(response)).toBe('POST /lqs/query secret grün');
});

test('one connection serves one query after the other', async () => {
  answer = (_, response) => response.end('done');
  for (let query = 0; query < 3; query++) {
    expect(await textOf(await post())).toBe('done');
    // The connection is free once the end of the answer has been told.
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(connections).toBe(1);
});

test('rejects with the reason of its signal before, and breaks off the body after the head', async () => {
  const reason = new Error('the caller went away');
  answer = () => undefined;
  const waiting = new AbortController();
  const asked = post(waiting.signal);
  waiting.abort(reason);
  await expect(asked).rejects.toBe(reason);
  await expect(post(waiting.signal)).rejects.toBe(reason);
  answer = (_, response) => void response.write('half');
  const reading = new AbortController();
  const response = await post(reading.signal);
  reading.abort(reason);
  await expect(textOf(response)).rejects.toThrow();
});

test('rejects where nobody listens, and where the answer is cut', async () => {
  answer = (_, response) => void response.write('half', () => response.destroy());
  const cut = await post();
  await expect(textOf(cut)).rejects.toThrow();
  url.port = '1';
  await expect(post()).rejects.toThrow('ECONNREFUSED');
});
