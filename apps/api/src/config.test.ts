import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';

const needed = {
  DATABASE_URL: 'postgres://app@127.0.0.1:1/arbor',
  REDIS_URL: 'redis://127.0.0.1:2',
  ARBOR_DATA_DIR: '/data',
  ARBOR_CLUSTER_KEY: 'a-cluster-key-of-some-length',
  ARBOR_MASTER_KEY: 'a-master-key-of-some-length',
};

test('needs the databases, the data folder and the keys; the rest has defaults', () => {
  expect(loadConfig(needed)).toMatchObject({
    shardCount: 16,
    zones: ['a', 'b'],
    port: 4000,
    webUrl: 'http://localhost:3000',
    demo: true,
    sdkPath: '/sdk/arbor.js',
    sdkEndpoint: '/e',
  });
});

test('reads the paths below which clients send, and how much at once', () => {
  expect(loadConfig(needed)).toMatchObject({ pathPrefixes: [], requestBytesMax: 10_485_760 });
  const env = { ...needed, ARBOR_PATH_PREFIXES: '/collect, /a/b', ARBOR_REQUEST_MB: '1' };
  expect(loadConfig(env)).toMatchObject({
    pathPrefixes: ['/collect', '/a/b'],
    requestBytesMax: 1_048_576,
  });
  for (const bad of ['collect', '/', '/:id', '/a,', '/*'])
    expect(() => loadConfig({ ...needed, ARBOR_PATH_PREFIXES: bad })).toThrow(
      'ARBOR_PATH_PREFIXES',
    );
});

test('keeps only the origin of an address', () => {
  const env = { ...needed, ARBOR_WEB_URL: 'https://stats.example.com/path/' };
  expect(loadConfig(env).webUrl).toBe('https://stats.example.com');
});

test('names every variable that is missing or bad, and shows no key', () => {
  const env = { ...needed, REDIS_URL: '', ARBOR_PORT: '0', ARBOR_MASTER_KEY: 'short' };
  let message = '';
  try {
    loadConfig(env);
  } catch (error) {
    message = String(error);
  }
  for (const name of ['REDIS_URL', 'ARBOR_PORT', 'ARBOR_MASTER_KEY'])
    expect(message).toContain(name);
  expect(message).not.toContain('short');
});
