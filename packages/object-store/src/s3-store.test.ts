import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ObjectStore } from './object-store.ts';
import { objectStoreContract } from './object-store.contract.ts';
import { openS3Store, type S3Options } from './s3-store.ts';
import { type S3TestServer, startS3TestServer } from './testing/s3-test-server.ts';

let server: S3TestServer;
beforeEach(async () => {
  server = await startS3TestServer('bucket');
});
afterEach(() => server.close());

const open = (change: Partial<S3Options> = {}): Promise<ObjectStore> =>
  openS3Store({
    bucket: 'bucket',
    prefix: 'some/prefix/',
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    // Small, so that every list of the contract takes several pages.
    pageSize: 3,
    ...change,
  });

objectStoreContract('S3', async () => ({ store: await open(), again: await open() }));

it('keeps to its prefix', async () => {
  const [one, other] = [await open({ prefix: 'one/' }), await open({ prefix: 'other/' })];
  await one.put('k', new Uint8Array([1]));
  await expect(other.get('k')).rejects.toThrow('there is no object k');
  expect(server.requests[0]).toBe('PUT /bucket/one/k');
});

it('tries again what failed on the side of the store', async () => {
  const store = await open();
  server.failNext(503, 2);
  expect(await store.put('k', new Uint8Array([1]), { ifAbsent: true })).toBe('stored');
  expect(server.requests).toHaveLength(3);
});

it('tells what may be tried again from what the operator must mend', async () => {
  const store = await open();
  server.failNext(500, 10);
  await expect(store.get('k')).rejects.toThrow(
    expect.objectContaining({ code: 'UNAVAILABLE', retry: true }),
  );
  server.failNext(403);
  await expect(store.get('k')).rejects.toThrow(expect.objectContaining({ code: 'DENIED' }));
  const elsewhere = await open({ bucket: 'another' });
  await expect(elsewhere.put('k', new Uint8Array([1]))).rejects.toThrow(
    expect.objectContaining({
      code: 'DENIED',
      message: 'k: NoSuchBucket: NoSuchBucket of the test server',
    }),
  );
  await server.close();
  await expect(store.get('k')).rejects.toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
});

it('leaves no part of a download that was cut off', async () => {
  const store = await open();
  const folder = mkdtempSync(path.join(tmpdir(), 'arbor-s3-'));
  await store.put('k', new Uint8Array(1000).fill(7));
  server.cutNext(10);
  await expect(store.download('k', path.join(folder, 'k'))).rejects.toThrow(
    expect.objectContaining({ code: 'UNAVAILABLE', retry: true }),
  );
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
