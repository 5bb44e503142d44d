import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportDays, type ExportOptions } from './export-days.ts';

type Reply = (response: http.ServerResponse) => void;

let folder = '';
let server: http.Server;
let apiUrl = '';
let asked: string[] = [];
let waits: number[] = [];
let replies: Reply[] = [];

/** A line for each day, unless there is another reply. */
const lineOf = (day: string): string => `{"event":"E","properties":{"day":"${day}"}}\n`;
const now = Date.UTC(2024, 2, 6, 12);

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-export-'));
  asked = [];
  waits = [];
  replies = [];
  server = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const day = searchParams.get('from_date') ?? '';
    asked.push(day);
    const reply = replies.shift();
    if (reply) return reply(response);
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    response.end(zlib.gzipSync(lineOf(day)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  fs.rmSync(folder, { recursive: true });
});

const run = (more: Partial<ExportOptions> = {}) =>
  exportDays({
    apiUrl,
    authorization: 'Basic c2VjcmV0Og==',
    from: '2024-03-04',
    to: '2024-03-06',
    folder,
    now: () => now,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    ...more,
  });
const content = (day: string): string =>
  zlib.gunzipSync(fs.readFileSync(path.join(folder, `${day}.ndjson.gz`))).toString();

it('writes a file a day, and asks again only for a day that was not over', async () => {
  expect(await run()).toEqual({ events: 3, days: 3, kept: 0 });
  expect(content('2024-03-05')).toBe(lineOf('2024-03-05'));
  expect(await run({ now: () => now + 3 * 86_400_000 })).toEqual({ events: 1, days: 3, kept: 2 });
  expect(asked.slice(3)).toEqual(['2024-03-06']);
  expect(await run()).toEqual({ events: 0, days: 3, kept: 3 });
  expect(await run({ again: true })).toEqual({ events: 3, days: 3, kept: 0 });
});

it('asks again after 429, 5xx and an answer that broke off, and leaves no half file', async () => {
  const status =
    (code: number, headers = {}): Reply =>
    (response) =>
      void response.writeHead(code, headers).end();
  const broken: Reply = (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write(lineOf('half'));
    setImmediate(() => response.destroy());
  };
  replies = [status(429, { 'retry-after': '3' }), status(503), broken];
  const day = { from: '2024-03-04', to: '2024-03-04' };
  expect(await run(day)).toEqual({ events: 1, days: 1, kept: 0 });
  expect(content('2024-03-04')).toBe(lineOf('2024-03-04'));
  expect(waits).toEqual([3000, 1000, 2000]);
  replies = Array.from({ length: 8 }, () => broken);
  await expect(run({ ...day, again: true })).rejects.toThrow(/^2024-03-04: gave up: /);
  expect(fs.readdirSync(folder)).toEqual(['2024-03-04.ndjson.gz']);
});

it('says what the api refuses, and which days are none', async () => {
  replies = [(response) => void response.writeHead(400).end('{"error":"where: character 3: …"}')];
  await expect(run()).rejects.toThrow('the api refused (400): {"error":"where: character 3: …"}');
  await expect(run({ from: 'today' })).rejects.toThrow(
    '"today" to "2024-03-06": both must be days, YYYY-MM-DD',
  );
  await expect(run({ from: '2024-03-07' })).rejects.toThrow('2024-03-07 is after 2024-03-06');
});

it('writes text where that is asked for', async () => {
  await run({ to: '2024-03-04', plain: true });
  expect(fs.readFileSync(path.join(folder, '2024-03-04.ndjson'), 'utf8')).toBe(
    lineOf('2024-03-04'),
  );
});
