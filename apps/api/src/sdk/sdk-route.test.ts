import fastify from 'fastify';
import { expect, test } from 'vitest';
import { prepareSdkFiles, sdkPartNames } from './load-sdk.ts';
import { sdkRoute } from './sdk-route.ts';

const files = prepareSdkFiles(
  {
    version: '1.0.0',
    script: '/* sdk */ 1;',
    stub: '/* stub */',
    parts: sdkPartNames.map((name) => `/* ${name} */ 1;`),
  },
  '/pulse',
);
const app = fastify();
app.setNotFoundHandler((_, reply) => reply.code(404).send('not found'));
sdkRoute(app, { path: '/js/mokare.js', load: () => Promise.resolve(files) });

test.each([
  ['/js/mokare.js', 200, '/* sdk */ 1;'],
  ['/sdk/arbor.js', 200, '/* sdk */ 1;'],
  ['/js/mokare.1.0.0.js', 200, '/* sdk */ 1;'],
  ['/js/mokare.autocapture.js', 200, '/* autocapture */ 1;'],
  ['/sdk/arbor.stores.js', 200, '/* stores */ 1;'],
  ['/js/mokare.1.0.0.link.js', 200, '/* link */ 1;'],
  ['/js/mokare.1.0.1.js', 404, 'not found'],
  ['/js/mokare.1.0.0.nothing.js', 404, 'not found'],
  ['/js/mokare.9.9.9.link.js', 404, 'not found'],
  ['/js/mokare.nothing.js', 404, 'not found'],
])('answers %s with %i', async (url, status, body) => {
  const response = await app.inject({ url });
  expect(response.statusCode).toBe(status);
  expect(response.body).toBe(body);
});

test('lets pages keep what has its version in the name, and ask for the rest', async () => {
  const fixed = await app.inject({ url: '/sdk/arbor.1.0.0.pages.js' });
  expect(fixed.headers['cache-control']).toContain('immutable');
  const plain = await app.inject({ url: '/sdk/arbor.pages.js' });
  expect(plain.headers['cache-control']).not.toContain('immutable');
});

test('says what to paste, to any origin', async () => {
  const response = await app.inject({ url: '/sdk/arbor.json' });
  expect(response.headers['access-control-allow-origin']).toBe('*');
  expect(response.json()).toEqual({
    path: '/js/mokare.js',
    versionedPath: '/js/mokare.1.0.0.js',
    version: '1.0.0',
    integrity: expect.stringMatching(/^sha384-.{64}$/) as unknown,
    stub: '/* stub */',
  });
});
