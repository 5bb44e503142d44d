import fs from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importFile, type ImportReport } from './import-file.ts';
import { parseRecord, readRecords } from './records.ts';

type Received = { path: string; authorization: string | undefined; records: Json[] };
type Json = Record<string, unknown>;
type Reply = { status: number; body: unknown; headers?: Record<string, string> };

let folder = '';
let server: http.Server;
let apiUrl = '';
let received: Received[] = [];
let waits: number[] = [];
let reply: (request: Received) => Reply;

const accepted = ({ path: asked, records }: Received): Reply => ({
  status: 200,
  body: asked.startsWith('/import')
    ? { code: 200, num_records_imported: records.length, status: 'OK' }
    : { code: 200, num_good_events: records.length, error: null, status: 'OK' },
});

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    path: request.url ?? '',
    authorization: request.headers.authorization,
    records: JSON.parse(zlib.gunzipSync(Buffer.concat(chunks)).toString()) as Json[],
  };
}

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-import-'));
  received = [];
  waits = [];
  reply = accepted;
  server = http.createServer((request, response) => {
    void read(request).then((got) => {
      received.push(got);
      const { status, body, headers } = reply(got);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  fs.rmSync(folder, { recursive: true });
});

function write(lines: readonly unknown[], name = 'data.ndjson'): string {
  const text = lines
    .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
    .join('\n');
  const file = path.join(folder, name);
  fs.writeFileSync(file, name.endsWith('.gz') ? zlib.gzipSync(text) : text);
  return file;
}

const run = (file: string): Promise<ImportReport> =>
  importFile(file, {
    apiUrl,
    authorization: 'Basic dG9rZW46',
    token: 'token',
    inFlight: 3,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
  });

const event = (i: number) => ({
  event: 'A',
  properties: { time: i, distinct_id: 'u', $insert_id: `i${i}` },
});

describe('importFile', () => {
  it('sends events and people of a packed file to their endpoints, told apart by shape', async () => {
    const people = [{ $distinct_id: 'u', $set: { plan: 'pro' } }];
    const report = await run(write([event(1), ...people, '', event(2)], 'data.ndjson.gz'));
    expect(report).toEqual({ events: 2, people: 1, refused: [] });
    const byPath = Object.fromEntries(received.map((one) => [one.path, one]));
    expect(byPath['/import?strict=1&ip=0']).toMatchObject({
      authorization: 'Basic dG9rZW46',
      records: [event(1), event(2)],
    });
    const $insert_id = expect.stringMatching(/^[0-9a-f]{16}-2$/);
    expect(byPath['/engage?strict=1&ip=0']?.records).toEqual([
      { ...people[0], $token: 'token', $insert_id },
    ]);
  });

  it('fills requests to the limit of the endpoint and keeps the order of people', async () => {
    const people = Array.from({ length: 4500 }, (_, n) => ({ $distinct_id: 'u', $set: { n } }));
    expect(await run(write(people))).toMatchObject({ people: 4500 });
    expect(received.map(({ records }) => records.length)).toEqual([2000, 2000, 500]);
    const sent = received.flatMap(({ records }) => records.map(({ $set }) => ($set as Json).n));
    expect(sent).toEqual(people.map(({ $set }) => $set.n));
  });

  it('sends again after 429 and 5xx, waits as it is told or ever longer, and counts once', async () => {
    const replies: Reply[] = [
      { status: 429, body: {}, headers: { 'retry-after': '3' } },
      { status: 503, body: {} },
      { status: 503, body: {} },
    ];
    reply = (got) => replies.shift() ?? accepted(got);
    expect(await run(write([event(1)]))).toEqual({ events: 1, people: 0, refused: [] });
    expect(waits).toEqual([3000, 1000, 2000]);
    expect(received).toHaveLength(4);
  });

  it('sends again when the connection breaks', async () => {
    let breaks = 2;
    server.prependListener('request', (request: IncomingMessage) => {
      if (breaks-- > 0) request.socket.destroy();
    });
    expect(await run(write([event(1)]))).toMatchObject({ events: 1 });
    expect(waits).toHaveLength(2);
  });

  it('reports refused records by their line in the file', async () => {
    reply = ({ records }) => ({
      status: 400,
      body: {
        code: 400,
        num_records_imported: records.length - 1,
        failed_records: [{ index: 1, field: 'properties.time', message: 'is missing' }],
      },
    });
    const report = await run(write([event(1), '', { event: 'A', properties: {} }, '{"a":', '[]']));
    expect(report).toEqual({
      events: 1,
      people: 0,
      refused: [
        { line: 3, reason: 'properties.time: is missing' },
        { line: 4, reason: expect.stringMatching(/^not JSON: /) },
        { line: 5, reason: 'not a JSON object' },
      ],
    });
  });

  it('halves a batch that is too large, down to the record that is', async () => {
    const large = { ...event(3), event: 'Large' };
    reply = (got) =>
      got.records.some((record) => record.event === 'Large')
        ? { status: 413, body: 'too large' }
        : accepted(got);
    const report = await run(write([event(1), event(2), large, event(4)]));
    expect(report).toEqual({ events: 3, people: 0, refused: [{ line: 3, reason: '"too large"' }] });
  });

  it('stops at once when the credentials are wrong', async () => {
    reply = () => ({ status: 401, body: { error: 'Invalid credentials' } });
    await expect(run(write([event(1)]))).rejects.toThrow(
      'the project does not know these credentials (401): {"error":"Invalid credentials"}',
    );
    expect(received).toHaveLength(1);
  });

  it('does not take a file that was cut short for a whole one', async () => {
    const file = write(
      Array.from({ length: 5000 }, (_, i) => event(i)),
      'cut.ndjson.gz',
    );
    fs.truncateSync(file, fs.statSync(file).size - 100);
    await expect(run(file)).rejects.toThrow('unexpected end of file');
  });
});

describe('parseRecord', () => {
  const parse = (line: string, number = 1, people = false) =>
    parseRecord(line, number, { token: 't', run: 'run', people });

  it('gives an event without an id one that the same line of the same file always gets', () => {
    const line = '{"event":"A","properties":{"time":1}}';
    const first = parse(line);
    expect(parse(line)).toEqual(first);
    expect(parse(line, 2)).not.toEqual({ ...first, line: 2 });
    expect(first).toMatchObject({ kind: 'event', json: expect.stringMatching(/"[0-9a-f]{12}"/) });
  });

  it('gives a person without an id one that holds within a run, so that the next run applies again', () => {
    const line = '{"$distinct_id":"u","$add":{"logins":1}}';
    const idOf = (text: string, run: string, number = 1): unknown => {
      const record = parseRecord(text, number, { token: 't', run });
      return record.kind === 'person' && (JSON.parse(record.json) as Json).$insert_id;
    };
    expect(idOf(line, 'a')).toBe(idOf(line, 'a'));
    expect(idOf(line, 'a', 2)).not.toBe(idOf(line, 'a'));
    expect(idOf(line, 'b')).not.toBe(idOf(line, 'a'));
    expect(idOf('{"$distinct_id":"u","$insert_id":"own","$add":{"logins":1}}', 'a')).toBe('own');
  });

  it('refuses a record of no known shape, unless it is told that these are people', () => {
    expect(parse('{"name":"A"}')).toMatchObject({ kind: 'refused' });
    expect(parse('{"$distinct_id":"u"}')).toMatchObject({ kind: 'refused' });
    expect(parse('{"$distinct_id":"u"}', 1, true)).toMatchObject({ kind: 'person' });
  });
});

it('tells how much of the file it has read', async () => {
  const file = write([event(1), event(2)], 'data.ndjson.gz');
  let bytes = 0;
  for await (const record of readRecords(file, { token: 't', onBytes: (n) => (bytes = n) })) {
    expect(record.kind).toBe('event');
  }
  expect(bytes).toBe(fs.statSync(file).size);
});
