import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFolderStore } from '@arbor/object-store/folder-store';
import type { ObjectStore } from '@arbor/object-store/object-store';
import { openS3Store } from '@arbor/object-store/s3-store';
import { type S3TestServer, startS3TestServer } from '@arbor/object-store/testing/s3-test-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileCache } from './file-cache.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'arbor-cache-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const object = { key: 'shard-0001/7/segment/x.arseg', bytes: 5 };
const content = new Uint8Array(Buffer.from('hello'));

describe('objects of a folder', () => {
  it('are read where they lie', async () => {
    const store = await openFolderStore(path.join(root, 'objects'));
    await store.put(object.key, content);
    const cache = new FileCache(store, path.join(root, 'cache'));
    expect(await cache.pathOf(object)).toBe(path.join(root, 'objects', object.key));
    expect(existsSync(path.join(root, 'cache'))).toBe(false);
  });

  it('must be there as the catalog says', async () => {
    const store = await openFolderStore(path.join(root, 'objects'));
    const cache = new FileCache(store, path.join(root, 'cache'));
    await expect(cache.pathOf(object)).rejects.toThrow(
      `object ${object.key}: the catalog names it with 5 bytes, but it is missing; restore it from a backup`,
    );
    await store.put(object.key, content.subarray(1));
    await expect(cache.pathOf(object)).rejects.toThrow('5 bytes, but it has 4');
  });
});

describe('objects of a bucket', () => {
  let server: S3TestServer;
  let store: ObjectStore;
  let cache: FileCache;
  beforeEach(async () => {
    server = await startS3TestServer('bucket');
    store = await openS3Store({
      bucket: 'bucket',
      prefix: '',
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    });
    cache = new FileCache(store, path.join(root, 'cache'));
    await store.put(object.key, content);
  });
  afterEach(async () => {
    store.close();
    await server.close();
  });
  const downloads = (): number =>
    server.requests.filter((request) => request.startsWith('GET')).length;

  it('are fetched once, whoever asks, also after a restart', async () => {
    const [file, again] = await Promise.all([cache.pathOf(object), cache.pathOf(object)]);
    expect(again).toBe(file);
    expect(readFileSync(file, 'utf8')).toBe('hello');
    expect(await new FileCache(store, path.join(root, 'cache')).pathOf(object)).toBe(file);
    expect(downloads()).toBe(1);
  });

  it('are fetched again where the file was damaged by others', async () => {
    const file = await cache.pathOf(object);
    writeFileSync(file, 'hell');
    expect(readFileSync(await cache.pathOf(object), 'utf8')).toBe('hello');
  });

  it('leave the cache once nobody has named them for a while', async () => {
    const other = { key: 'shard-0001/7/users/y.aruser', bytes: 5 };
    await store.put(other.key, content);
    const [file, kept] = [await cache.pathOf(object), await cache.pathOf(other)];
    const named = new Map([[other.key, 1]]);
    await cache.retain('shard-0001/', named, { now: 0, graceMs: () => 10 });
    await cache.retain('shard-0001/', new Map(), { now: 5, graceMs: () => 10 });
    await cache.retain('shard-0001/', named, { now: 9, graceMs: () => 10 });
    expect(existsSync(file)).toBe(true);
    await cache.retain('shard-0002/', new Map(), { now: 90, graceMs: () => 10 });
    expect(existsSync(file)).toBe(true);
    await cache.retain('shard-0001/', named, { now: 10, graceMs: () => 10 });
    expect(existsSync(file)).toBe(false);
    expect(existsSync(kept)).toBe(true);
  });
});
