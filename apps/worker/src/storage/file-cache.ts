import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectStore } from '@arbor/object-store/object-store';
import { ObjectStoreError } from '@arbor/object-store/object-store';

export interface CachedObject {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Objects as files of this machine, which is how the engine reads them. Those of a folder store are files
 * already; others are downloaded into a folder that is a cache and nothing else: delete it, and it fills
 * again.
 */
export class FileCache {
  readonly #store: ObjectStore;
  readonly #folder: string;
  /** Downloads under way, by key. */
  readonly #underWay = new Map<string, Promise<string>>();
  /** Files that no set names any more, and since when. */
  readonly #unnamedSince = new Map<string, number>();

  constructor(store: ObjectStore, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  /** The file of an object; NOT_FOUND where the object is missing or not as long as the catalog says. */
  async pathOf(object: CachedObject): Promise<string> {
    const own = this.#store.localPath(object.key);
    if (own !== null) {
      await assertSize(own, object);
      return own;
    }
    const known = this.#underWay.get(object.key);
    if (known !== undefined) return known;
    const download = this.#download(object).finally(() => this.#underWay.delete(object.key));
    this.#underWay.set(object.key, download);
    return download;
  }

  async #download(object: CachedObject): Promise<string> {
    const file = path.join(this.#folder, object.key);
    // A download appears whole or not at all, so a file of the right length is the object.
    if ((await sizeOf(file)) === object.bytes) return file;
    await mkdir(path.dirname(file), { recursive: true });
    await this.#store.download(object.key, file);
    await assertSize(file, object);
    return file;
  }

  /**
   * Says which objects below `prefix` (a folder) are still read. Others are deleted once that is longer
   * ago than `graceMs` says of them, so that queries under way come to their end.
   */
  async retain(
    prefix: string,
    keys: ReadonlyMap<string, unknown>,
    { now, graceMs }: { now: number; graceMs: (key: string) => number },
  ): Promise<void> {
    for (const file of await filesBelow(path.join(this.#folder, prefix))) {
      const key = path.relative(this.#folder, file).split(path.sep).join('/');
      if (keys.has(key) || this.#underWay.has(key)) {
        this.#unnamedSince.delete(key);
        continue;
      }
      const since = this.#unnamedSince.get(key) ?? now;
      this.#unnamedSince.set(key, since);
      if (now - since < graceMs(key)) continue;
      await rm(file, { force: true });
      this.#unnamedSince.delete(key);
    }
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Bytes; null = there is no such file. */
async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ size }) => size,
    () => null,
  );
}

async function assertSize(file: string, { key, bytes }: CachedObject): Promise<void> {
  const size = await sizeOf(file);
  if (size === bytes) return;
  const found = size === null ? 'it is missing' : `it has ${size}`;
  throw new ObjectStoreError(
    'NOT_FOUND',
    `object ${key}: the catalog names it with ${bytes} bytes, but ${found}; restore it from a backup`,
  );
}
