import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFolderStore } from './folder-store.ts';
import { objectStoreContract } from './object-store.contract.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'arbor-folder-'));
});
afterEach(() => rmSync(root, { recursive: true }));

objectStoreContract('a folder', async () => {
  const folder = path.join(root, 'made/when/missing');
  return { store: await openFolderStore(folder), again: await openFolderStore(folder) };
});

it('names the file that holds an object', async () => {
  const store = await openFolderStore(root);
  await store.put('a/b', new Uint8Array([1]));
  expect(store.localPath('a/b')).toBe(path.join(root, 'a/b'));
  expect(existsSync(path.join(root, 'a/b'))).toBe(true);
});

it('leaves nothing of its writing behind, and removes what a killed process left', async () => {
  const store = await openFolderStore(root);
  await store.put('a', new Uint8Array([1]));
  await store.put('a', new Uint8Array([2]), { ifAbsent: true });
  const writing = path.join(root, '.writing');
  expect(readdirSync(writing)).toEqual([]);
  for (const name of ['old', 'new']) writeFileSync(path.join(writing, name), 'half');
  utimesSync(path.join(writing, 'old'), 1, 1);
  await openFolderStore(root);
  expect(readdirSync(writing)).toEqual(['new']);
});

it('tells a folder it cannot use from a missing object', async () => {
  writeFileSync(path.join(root, 'file'), '');
  await expect(openFolderStore(path.join(root, 'file/below'))).rejects.toThrow('ENOTDIR');
});
