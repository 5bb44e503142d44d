import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFields } from './form-fields.ts';
import { readPayload, type RawRequest } from './read-payload.ts';

const container = fc.oneof(
  fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 }),
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }),
);

const body = (bytes: string | Uint8Array, contentType: string): RawRequest => ({
  query: parseFields(''),
  body: Buffer.from(bytes),
  contentType,
});
const form = 'application/x-www-form-urlencoded';

/** Every way in which a client sends JSON text (`ingestion-api.md` 1.2, 13). */
const encodings: Record<string, (json: string) => RawRequest> = {
  'json body': (json) => body(json, 'application/json'),
  'json body under a wrong type': (json) => body(json, form),
  'json with space around': (json) => body(`\n ${json}\r\n`, 'text/plain'),
  'form, json encoded': (json) => body(`data=${encodeURIComponent(json)}`, form),
  'form, json as it is': (json) => body(`ip=1&data=${json}&verbose=1`, form),
  'form, base64 encoded': (json) => body(`data=${encodeURIComponent(toBase64(json))}&ip=0`, form),
  'form, base64 as it is': (json) => body(`data=${toBase64(json)}`, form),
  'form, base64 with its + as spaces': (json) =>
    body(`data=${toBase64(json).replaceAll('+', ' ')}&x`, form),
  'form, url-safe base64': (json) => body(`data=${toUrlBase64(json)}`, form),
  'beacon text': (json) => body(`data=${encodeURIComponent(toBase64(json))}`, 'text/plain'),
  'gzip json': (json) => body(gzipSync(json), 'application/json'),
  'gzip form': (json) => body(gzipSync(`data=${toBase64(json)}`), form),
  'query, json': (json) => query(encodeURIComponent(json)),
  'query, base64': (json) => query(encodeURIComponent(toBase64(json))),
  'query, url-safe base64': (json) => query(toUrlBase64(json)),
};

const toBase64 = (json: string): string => Buffer.from(json).toString('base64');
const toUrlBase64 = (json: string): string => Buffer.from(json).toString('base64url');
const query = (data: string): RawRequest => ({
  query: parseFields(`data=${data}&_=1`),
  body: null,
  contentType: '',
});

test.each(Object.entries(encodings))('any JSON value arrives unchanged: %s', async (_, encode) => {
  await fc.assert(
    fc.asyncProperty(container, async (value) => {
      const json = JSON.stringify(value);
      const payload = await readPayload(encode(json), { bytesMax: 1_000_000 });
      // Through JSON once, because -0 does not survive being written.
      const expected: unknown = JSON.parse(json);
      expect(payload).toMatchObject({ damaged: false });
      expect('records' in payload && payload.records).toEqual(
        Array.isArray(expected) ? expected : [expected],
      );
    }),
    { numRuns: 60 },
  );
});

test('arbitrary bytes never throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, lines) => {
      const payload = await readPayload(body(bytes, ''), { bytesMax: 1000, lines });
      expect('records' in payload || 'problem' in payload).toBe(true);
    }),
    { numRuns: 300 },
  );
});
