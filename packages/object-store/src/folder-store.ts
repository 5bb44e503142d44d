import { type Dirent } from 'node:fs';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, syncFolder, writeDurably } from './durable-file.ts';
import {
  badRange,
  checkKey,
  notFound,
  type ObjectInfo,
  type ObjectStore,
  ObjectStoreError,
} from './object-store.ts';

/** Below the root, where objects are written before they get their names. No key begins with ".". */
const temporaryName = '.writing';
/** No write takes this long: what is older was left by a process that was killed. */
const leftoverMs = 86_400_000;

/** Objects as files of a folder, which is made if it is missing. Any number of processes may share it. */
export async function openFolderStore(root: string): Promise<ObjectStore> {
  return translated(root, async () => {
    const temporaryFolder = path.join(root, temporaryName);
    await makeFolder(temporaryFolder);
    for (const name of await readdir(temporaryFolder)) {
      const file = path.join(temporaryFolder, name);
      const found = await stat(file).catch(() => null);
      if (found !== null && Date.now() - found.mtimeMs > leftoverMs)
        await rm(file, { force: true });
    }
    return new FolderStore(root, temporaryFolder);
  });
}

class FolderStore implements ObjectStore {
  readonly description: string;
  readonly #root: string;
  readonly #temporaryFolder: string;

  constructor(root: string, temporaryFolder: string) {
    this.description = `file:${root}`;
    this.#root = root;
    this.#temporaryFolder = temporaryFolder;
  }

  async put(
    key: string,
    bytes: Uint8Array,
    { ifAbsent = false }: { ifAbsent?: boolean } = {},
  ): Promise<'stored' | 'exists'> {
    const target = this.localPath(key);
    return translated(key, async () => {
      await makeFolder(path.dirname(target));
      return writeDurably(target, bytes, { temporaryFolder: this.#temporaryFolder, ifAbsent });
    });
  }

  async get(key: string): Promise<Uint8Array> {
    const file = this.localPath(key);
    return reading(key, () => readFile(file));
  }

  async getRange(key: string, offset: number, length: number): Promise<Uint8Array> {
    const file = this.localPath(key);
    return reading(key, async () => {
      const handle = await open(file, 'r');
      try {
        const bytes = new Uint8Array(length);
        let end = 0;
        while (end < length) {
          const { bytesRead } = await handle.read(bytes, end, length - end, offset + end);
          if (bytesRead === 0) throw badRange(key, offset, length);
          end += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    });
  }

  async download(key: string, target: string): Promise<void> {
    const source = this.localPath(key);
    await translated(key, async () => {
      const handle = await reading(key, () => open(source, 'r'));
      try {
        await writeDurably(target, handle.createReadStream({ autoClose: false }), {
          temporaryFolder: path.dirname(target),
        });
      } finally {
        await handle.close();
      }
    });
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    yield* this.#walk('', prefix);
  }

  async *#walk(folder: string, prefix: string): AsyncIterable<ObjectInfo> {
    const entries = await translated(folder, () => readEntries(path.join(this.#root, folder)));
    // Folders with their slash, so that "a-b" stands before "a/b" as it does where keys are flat.
    const named = entries.map((entry) => ({
      entry,
      key: folder + entry.name + (entry.isDirectory() ? '/' : ''),
    }));
    named.sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { entry, key } of named) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) {
        if (key.startsWith(prefix) || prefix.startsWith(key)) yield* this.#walk(key, prefix);
      } else if (key.startsWith(prefix)) {
        const found = await stat(path.join(this.#root, key)).catch(() => null);
        // Deleted between the two looks.
        if (found !== null) yield { key, size: found.size, modifiedAt: found.mtime };
      }
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    const folders = new Set<string>();
    for (const key of keys) {
      const file = this.localPath(key);
      folders.add(path.dirname(file));
      await translated(key, () => rm(file, { force: true }));
    }
    for (const folder of folders) {
      await syncFolder(folder).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    }
  }

  localPath(key: string): string {
    checkKey(key);
    return path.join(this.#root, key);
  }

  close(): void {}
}

async function readEntries(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Runs `work` on the file of an object: a file that is missing is an object that is missing. */
function reading<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  return translated(key, async () => {
    try {
      return await work();
    } catch (error) {
      const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR';
      throw isFolder || isMissing(error) ? notFound(key, error) : error;
    }
  });
}

/** Runs `work`; what the file system says becomes an error of the store. */
async function translated<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ObjectStoreError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const isDenied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    throw new ObjectStoreError(isDenied ? 'DENIED' : 'UNAVAILABLE', `${name}: ${message}`, error);
  }
}
