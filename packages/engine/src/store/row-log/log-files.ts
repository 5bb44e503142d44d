import { randomInt } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What the row log asks of the disk. Tests put a faulty one in its place. */
export interface LogFiles {
  /** Numbers of the files that exist, ascending. */
  list(): Promise<number[]>;
  /** Opens an existing file. */
  open(number: number): Promise<LogFile>;
  /** An empty file of this number; one that is there is emptied (it never held anything acknowledged). */
  create(number: number): Promise<LogFile>;
  /** Deletes a file, so that it does not come back after a loss of power either. One that is not there is no error. */
  remove(number: number): Promise<void>;
  /** Makes created names survive a loss of power. */
  syncFolder(): Promise<void>;
  /** 32 unpredictable bits, for the header of a new file. */
  salt(): number;
}

export interface LogFile {
  /** For messages: the name in its folder. */
  readonly name: string;
  read(): Promise<Uint8Array>;
  /** Writes all of the buffers, one after the other, from the position on; or rejects. */
  write(buffers: readonly Uint8Array[], position: number): Promise<void>;
  /** Resolves when everything written is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

const namePattern = /^(\d{8})\.arlog$/;

/** Row-log files `00000001.arlog`, … in a folder, which is made if it is missing. */
export function folderLogFiles(directory: string): LogFiles {
  const nameOf = (number: number) => `${String(number).padStart(8, '0')}.arlog`;
  return {
    async list() {
      await makeFolder(directory);
      const numbers: number[] = [];
      for (const name of await readdir(directory)) {
        const match = namePattern.exec(name);
        if (match) numbers.push(Number(match[1]));
      }
      return numbers.sort((a, b) => a - b);
    },
    async open(number) {
      return new FolderLogFile(nameOf(number), await open(join(directory, nameOf(number)), 'r+'));
    },
    async create(number) {
      return new FolderLogFile(nameOf(number), await open(join(directory, nameOf(number)), 'w+'));
    },
    async remove(number) {
      await rm(join(directory, nameOf(number)), { force: true });
      await syncFolder(directory);
    },
    syncFolder: () => syncFolder(directory),
    salt: () => randomInt(0x1_0000_0000),
  };
}

/** Makes the folder and those above it, each of them durable: a name lives in the folder above. */
async function makeFolder(directory: string): Promise<void> {
  const topmost = await mkdir(directory, { recursive: true });
  if (topmost === undefined) return;
  const end = dirname(topmost);
  let folder = directory;
  do {
    folder = dirname(folder);
    await syncFolder(folder);
  } while (folder !== end && folder !== dirname(folder));
}

async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

class FolderLogFile implements LogFile {
  readonly name: string;
  readonly #handle: FileHandle;

  constructor(name: string, handle: FileHandle) {
    this.name = name;
    this.#handle = handle;
  }

  async read(): Promise<Uint8Array> {
    const { size } = await this.#handle.stat();
    const bytes = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await this.#handle.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  async write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    const size = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    const { bytesWritten } = await this.#handle.writev(buffers, position);
    // The kernel may write less than asked (a full disk, a signal); the rest goes in one piece.
    let done = bytesWritten;
    if (done === size) return;
    const all = Buffer.concat(buffers);
    while (done < size) {
      const more = await this.#handle.write(all, done, size - done, position + done);
      done += more.bytesWritten;
    }
  }

  async sync(): Promise<void> {
    await this.#handle.datasync();
  }

  async truncate(length: number): Promise<void> {
    await this.#handle.truncate(length);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
