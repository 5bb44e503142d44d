import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ObjectInfo, type ObjectStore, ObjectStoreError } from './object-store.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

async function all(store: ObjectStore, prefix: string): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of store.list(prefix)) found.push(info);
  return found;
}

const keysOf = async (store: ObjectStore, prefix: string): Promise<string[]> =>
  (await all(store, prefix)).map(({ key }) => key);

/** What every object store promises; `open` gives an empty one, and another opening of the same. */
export function objectStoreContract(
  name: string,
  open: () => Promise<{ store: ObjectStore; again: ObjectStore }>,
): void {
  describe(`${name}: contract of an object store`, () => {
    let store: ObjectStore;
    let again: ObjectStore;
    let folder: string;
    beforeEach(async () => {
      ({ store, again } = await open());
      folder = mkdtempSync(path.join(tmpdir(), 'arbor-objects-'));
    });
    afterEach(() => {
      store.close();
      again.close();
      rmSync(folder, { recursive: true });
    });

    it('gives back what was put, also through another opening', async () => {
      expect(await store.put('a/b/c.bin', bytesOf('hello'))).toBe('stored');
      await store.put('empty', new Uint8Array(0));
      expect(textOf(await again.get('a/b/c.bin'))).toBe('hello');
      expect((await again.get('empty')).length).toBe(0);
    });

    it('keeps every byte of a large object', async () => {
      const bytes = Uint8Array.from({ length: 3_000_001 }, (_, n) => (n * 2_654_435_761) >>> 24);
      await store.put('large', bytes);
      expect(Buffer.compare(await store.get('large'), bytes)).toBe(0);
      await store.download('large', path.join(folder, 'large'));
      expect(Buffer.compare(readFileSync(path.join(folder, 'large')), bytes)).toBe(0);
    });

    it('replaces without a condition, and keeps the first with one', async () => {
      await store.put('k', bytesOf('one'));
      expect(await store.put('k', bytesOf('two!'))).toBe('stored');
      expect(await again.put('k', bytesOf('three'), { ifAbsent: true })).toBe('exists');
      expect(textOf(await store.get('k'))).toBe('two!');
    });

    it('lets one of many conditional writers win', async () => {
      const writers = Array.from({ length: 8 }, (_, n) =>
        (n % 2 === 0 ? store : again).put('race', bytesOf(`writer ${n}`), { ifAbsent: true }),
      );
      const outcomes = await Promise.all(writers);
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      expect(textOf(await store.get('race'))).toBe(`writer ${outcomes.indexOf('stored')}`);
    });

    it('reads ranges exactly, and refuses those beyond the end', async () => {
      await store.put('r', bytesOf('0123456789'));
      expect(textOf(await store.getRange('r', 3, 4))).toBe('3456');
      expect(textOf(await store.getRange('r', 0, 10))).toBe('0123456789');
      expect(textOf(await store.getRange('r', 9, 1))).toBe('9');
      for (const [offset, length] of [
        [9, 2],
        [10, 1],
        [50, 5],
      ] as const) {
        await expect(store.getRange('r', offset, length)).rejects.toThrow(
          expect.objectContaining({
            code: 'BAD_RANGE',
            message: `object r ends before ${offset} + ${length} bytes`,
          }),
        );
      }
    });

    it('says which object is missing', async () => {
      await store.put('there/it', bytesOf('x'));
      const failure = expect.objectContaining({
        code: 'NOT_FOUND',
        message: 'there is no object there/not',
        retry: false,
      });
      await expect(store.get('there/not')).rejects.toThrow(failure);
      await expect(store.getRange('there/not', 0, 1)).rejects.toThrow(failure);
      await expect(store.download('there/not', path.join(folder, 'x'))).rejects.toThrow(failure);
      expect(readdirSync(folder)).toEqual([]);
    });

    it('lists by prefix in the order of keys, with sizes and times', async () => {
      const keys = ['s/1/a', 's/1/b', 's/10/a', 's/2-x', 's/2/a', 's/2/b/c', 't/1', 's2'];
      for (const key of keys.toReversed()) await store.put(key, bytesOf(key));
      expect(await keysOf(store, '')).toEqual(keys.toSorted());
      expect(await keysOf(store, 's/')).toEqual(keys.filter((key) => key.startsWith('s/')).sort());
      expect(await keysOf(store, 's/1')).toEqual(['s/1/a', 's/1/b', 's/10/a']);
      expect(await keysOf(store, 's/2/b/c')).toEqual(['s/2/b/c']);
      expect(await keysOf(store, 'nothing/')).toEqual([]);
      const [found] = await all(store, 's/10/');
      expect(found?.size).toBe(6);
      expect(Math.abs(Date.now() - (found?.modifiedAt.getTime() ?? 0))).toBeLessThan(60_000);
    });

    it('deletes many, and does not mind those that are gone', async () => {
      const keys = Array.from({ length: 12 }, (_, n) => `d/${n}`);
      for (const key of keys) await store.put(key, bytesOf(key));
      await store.delete([]);
      await store.delete([...keys.slice(0, 10), 'd/none', 'nowhere/at/all']);
      expect(await keysOf(store, 'd/')).toEqual(['d/10', 'd/11']);
    });

    it('refuses keys that not every store can hold', async () => {
      const bad = [
        '',
        '/a',
        'a/',
        'a//b',
        '../a',
        'a/../b',
        '.hidden',
        'a b',
        'ü',
        'x'.repeat(201),
      ];
      for (const key of bad) {
        await expect(store.put(key, bytesOf('x'))).rejects.toThrow(ObjectStoreError);
        await expect(store.get(key)).rejects.toThrow('is no object key');
      }
      expect(await keysOf(store, '')).toEqual([]);
    });
  });
}
