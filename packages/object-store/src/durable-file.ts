import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Makes the names in a folder survive a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it, each of them durable: a name lives in the folder above. */
export async function makeFolder(folder: string): Promise<void> {
  const topmost = await mkdir(folder, { recursive: true });
  if (topmost === undefined) return;
  const end = path.dirname(topmost);
  for (let at = folder; at !== end && at !== path.dirname(at);) {
    at = path.dirname(at);
    await syncFolder(at);
  }
}

/** Bytes, or pieces of them as they come. */
export type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Writes a file that appears whole and durable, or not at all: first under a name in `temporaryFolder` (on
 * the same file system), then given its own name. `ifAbsent`: a file that is there stays ('exists').
 */
export async function writeDurably(
  target: string,
  content: FileContent,
  options: { temporaryFolder: string; ifAbsent?: boolean },
): Promise<'stored' | 'exists'> {
  const temporary = path.join(options.temporaryFolder, `.${randomUUID()}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await writeFile(handle, content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A second name fails where there is one already, which a rename does not: of several writers one wins.
    if (options.ifAbsent === true) await link(temporary, target);
    else await rename(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // The other writer may have been killed before it made the name durable.
    await syncFolder(path.dirname(target));
    return 'exists';
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(path.dirname(target));
  return 'stored';
}
