import { gunzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { openApiDocument, openApiRoute } from './openapi.ts';

test('the document is sent packed to who takes that, and not again to who has it', async () => {
  const app = Fastify();
  openApiRoute(app);
  const get = (headers: Record<string, string>) =>
    app.inject({ url: '/api/v1/openapi.json', headers });

  const plain = await get({});
  expect(plain.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(plain.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  const packed = await get({ 'accept-encoding': 'br, gzip' });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
  expect((await get({ 'accept-encoding': 'gzip;q=0' })).body).toBe(plain.body);

  const etag = String(plain.headers['etag']);
  for (const known of [etag, `"other", W/${etag}`]) {
    const again = await get({ 'if-none-match': known });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  }
  expect((await get({ 'if-none-match': '"other"' })).statusCode).toBe(200);
});
