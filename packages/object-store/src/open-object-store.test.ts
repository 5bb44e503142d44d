import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openObjectStore, parseObjectStoreAddress } from './open-object-store.ts';

it('reads addresses of folders and of buckets', () => {
  expect(parseObjectStoreAddress('file:/data/objects/')).toEqual({
    type: 'folder',
    root: '/data/objects',
  });
  expect(parseObjectStoreAddress('file:///data')).toEqual({ type: 'folder', root: '/data' });
  expect(parseObjectStoreAddress('s3://my-bucket')).toEqual({
    type: 's3',
    bucket: 'my-bucket',
    prefix: '',
  });
  expect(parseObjectStoreAddress('s3://my.bucket/a/b/')).toEqual({
    type: 's3',
    bucket: 'my.bucket',
    prefix: 'a/b/',
  });
});

it('says what to write instead of an address it does not know', () => {
  for (const bad of ['', 'objects', 'file:relative', 's3:/bucket', 's3://B', 'gs://bucket']) {
    expect(() => parseObjectStoreAddress(bad)).toThrow(
      `${JSON.stringify(bad)} is no address of an object store: write file:/absolute/path or s3://bucket/prefix`,
    );
  }
});

it('opens the store of an address', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'arbor-open-'));
  const folder = await openObjectStore({ address: `file:${root}` });
  expect(folder.description).toBe(`file:${root}`);
  rmSync(root, { recursive: true });
  const s3 = await openObjectStore({ address: 's3://bucket/p', endpoint: 'http://127.0.0.1:1' });
  expect(s3.description).toBe('s3://bucket/p/');
  s3.close();
});
