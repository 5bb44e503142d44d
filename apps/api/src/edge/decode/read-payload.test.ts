import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseFields } from './form-fields.ts';
import { BrokenLine } from './json-lines.ts';
import { readPayload } from './read-payload.ts';

const bytesMax = 1000;

async function read(
  body: string | Uint8Array | null,
  { query = '', contentType = '', contentEncoding = '', lines = false } = {},
): Promise<unknown> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const request = { query: parseFields(query), body: bytes, contentType, contentEncoding };
  const payload = await readPayload(request, { bytesMax, lines });
  return 'problem' in payload ? payload.problem.message : payload.records;
}

test('base64 whose + became spaces, in the URL-safe alphabet, without padding', async () => {
  const records = [{ e: '??>>~~ü' }];
  const text = JSON.stringify(records);
  const standard = Buffer.from(text).toString('base64');
  expect(standard).toMatch(/[+/]/);
  expect(await read(`data=${standard.replaceAll('+', ' ')}`)).toEqual(records);
  expect(await read(`data=${standard}`)).toEqual(records);
  expect(await read(`data=${Buffer.from(text).toString('base64url')}`)).toEqual(records);
  expect(await read(`data=${encodeURIComponent(standard)}`)).toEqual(records);
});

test('an object is one record', async () => {
  expect(await read('{"event":"a"}')).toEqual([{ event: 'a' }]);
});

test('the data of a GET lies in the query string', async () => {
  expect(await read(null, { query: 'data=%5B1%5D&ip=0' })).toEqual([1]);
});

test('JSON whose brackets were left alone and the rest was encoded', async () => {
  expect(await read('data={%22a%22:%22b%20c%22}')).toEqual([{ a: 'b c' }]);
});

test('gzip holds any of the other forms', async () => {
  expect(await read(gzipSync('data=W10%3D'))).toEqual([]);
  expect(await read(gzipSync('[1,2]'))).toEqual([1, 2]);
});

test('a byte order mark is dropped', async () => {
  expect(await read('\ufeff[1]')).toEqual([1]);
});

test('says what is wrong', async () => {
  expect(await read(null)).toBe('data, missing or empty');
  expect(await read('')).toBe('data, missing or empty');
  expect(await read('data=')).toBe('data, missing or empty');
  expect(await read('verbose=1')).toBe('data, missing or empty');
  expect(await read('data=%7B%7D!')).toMatch(/^data is not valid json: /);
  expect(await read('data=<xml>')).toBe('data is neither json nor base64');
  expect(await read('{"a":')).toMatch(/^data is not valid json: /);
  expect(await read(`[${'1,'.repeat(600)}1]`)).toBe('request exceeds max limit of 1000 bytes');
});

test('more than 2000 records are too many, also in lines', async () => {
  const tooMany = 'request exceeds max limit of 2000 records';
  const limit = { query: parseFields(''), contentType: '' };
  const list = Buffer.from(`[${'1,'.repeat(2000)}1]`);
  const lines = Buffer.from('{}\n'.repeat(2001));
  const options = { bytesMax: 100_000, lines: true };
  expect(await readPayload({ ...limit, body: list }, options)).toMatchObject({
    problem: { code: 'too_large', message: tooMany },
  });
  expect(await readPayload({ ...limit, body: lines }, options)).toMatchObject({
    problem: { code: 'too_large', message: tooMany },
  });
});

test('deep nesting neither crashes nor takes long', async () => {
  const depth = 400;
  const records = await read('['.repeat(depth) + ']'.repeat(depth));
  expect(records).toHaveLength(1);
  const huge = Buffer.from('['.repeat(5_000_000) + ']'.repeat(5_000_000));
  const request = { query: parseFields(''), body: huge, contentType: '' };
  expect(await readPayload(request, { bytesMax: 20_000_000 })).toHaveProperty('records');
});

test('lines: blank ones are not counted, broken ones keep their place', async () => {
  const text = '{"a":1}\r\n\n  \nnot json\n{"a":2}';
  const expected = [{ a: 1 }, expect.any(BrokenLine), { a: 2 }];
  for (const contentType of ['application/x-ndjson', 'application/json', '']) {
    expect(await read(text, { contentType, lines: true })).toEqual(expected);
  }
});

test('lines: one record printed over several lines is one record, whatever the header says', async () => {
  const text = '{\n  "event": "a"\n}';
  for (const contentType of ['application/x-ndjson', 'application/json']) {
    expect(await read(text, { contentType, lines: true })).toEqual([{ event: 'a' }]);
  }
});

test('lines: nothing that is JSON is a problem of the whole body', async () => {
  expect(await read('{broken', { lines: true })).toMatch(/^data is not valid json: /);
  expect(await read('{broken\n{too', { lines: true })).toMatch(/^data is not valid json: /);
});

test('marks bytes that are not UTF-8', async () => {
  const body = Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]);
  const request = { query: parseFields(''), body, contentType: '' };
  expect(await readPayload(request, { bytesMax })).toMatchObject({
    records: ['\ufffd'],
    damaged: true,
  });
  const inForm = Buffer.concat([Buffer.from('data='), body]);
  expect(await readPayload({ ...request, body: inForm }, { bytesMax })).toMatchObject({
    records: ['\ufffd'],
    damaged: true,
  });
  const inBase64 = Buffer.from(`data=${body.toString('base64')}`);
  expect(await readPayload({ ...request, body: inBase64 }, { bytesMax })).toMatchObject({
    damaged: true,
  });
});

test('a body in another packing is refused by its name, and one that a proxy unpacked is read', async () => {
  const refused = 'content-encoding "br" is not supported: send gzip, or the body as it is';
  expect(await read(brotliCompressSync('[1]'), { contentEncoding: 'br' })).toBe(refused);
  expect(await read('[1]', { contentEncoding: 'br' })).toEqual([1]);
  expect(await read('data=[1]', { contentEncoding: 'deflate' })).toEqual([1]);
  expect(await read(gzipSync('[1]'), { contentEncoding: 'GZIP' })).toEqual([1]);
  expect(await read('nothing', { contentEncoding: 'identity' })).toBe('data, missing or empty');
});
