import type { LogFile, LogFiles } from './log-files.ts';

/** What the disk is asked to do, in the words of a test. */
export type LogFileAction = 'write' | 'sync' | 'truncate' | 'create' | 'remove';

/**
 * Row-log files in memory, with a disk that can be told to fail. Bytes that were written and not
 * synced are there while the process lives, as in the cache of a real system; `crash` says what a
 * loss of power leaves of them.
 */
export class MemoryLogFiles implements LogFiles {
  readonly #contents = new Map<number, Buffer>();
  readonly #synced = new Map<number, number>();
  #saltSeed = 0x5eed;
  /** Called before every action; what it throws is the disk's failure. */
  onAction: (action: LogFileAction) => void = () => undefined;

  list(): Promise<number[]> {
    return Promise.resolve([...this.#contents.keys()].sort((a, b) => a - b));
  }

  open(number: number): Promise<LogFile> {
    return Promise.resolve(this.#handle(number));
  }

  async create(number: number): Promise<LogFile> {
    this.onAction('create');
    await Promise.resolve();
    this.setBytes(number, Buffer.alloc(0));
    return this.#handle(number);
  }

  async remove(number: number): Promise<void> {
    await Promise.resolve();
    this.onAction('remove');
    this.#contents.delete(number);
    this.#synced.delete(number);
  }

  syncFolder(): Promise<void> {
    return Promise.resolve();
  }

  /** Different for every file, the same in every run. */
  salt(): number {
    this.#saltSeed = (Math.imul(this.#saltSeed, 1664525) + 1013904223) >>> 0;
    return this.#saltSeed;
  }

  /** What stands in a file now. */
  bytes(number: number): Buffer {
    return this.#contents.get(number) ?? Buffer.alloc(0);
  }

  setBytes(number: number, bytes: Uint8Array): void {
    this.#contents.set(number, Buffer.from(bytes));
    this.#synced.set(number, bytes.length);
  }

  /** Files as after a loss of power that took everything that was not synced. */
  crash(): MemoryLogFiles {
    const copy = new MemoryLogFiles();
    for (const [number, bytes] of this.#contents) {
      copy.setBytes(number, bytes.subarray(0, this.#synced.get(number) ?? 0));
    }
    return copy;
  }

  #handle(number: number): LogFile {
    const act = async (action: LogFileAction): Promise<void> => {
      await Promise.resolve();
      this.onAction(action);
    };
    return {
      name: `${number}.arlog`,
      read: () => Promise.resolve(Buffer.from(this.bytes(number))),
      write: async (buffers, position) => {
        // Half of it reaches the disk before the failure: the worst that a write can do.
        const all = Buffer.concat(buffers);
        this.#put(number, position, all.subarray(0, all.length >>> 1));
        await act('write');
        this.#put(number, position, all);
      },
      sync: async () => {
        await act('sync');
        this.#synced.set(number, this.bytes(number).length);
      },
      truncate: async (length) => {
        await act('truncate');
        this.#contents.set(number, Buffer.from(this.bytes(number).subarray(0, length)));
      },
      close: () => Promise.resolve(),
    };
  }

  #put(number: number, position: number, bytes: Uint8Array): void {
    const before = this.bytes(number);
    const after = Buffer.alloc(Math.max(before.length, position + bytes.length));
    before.copy(after);
    after.set(bytes, position);
    this.#contents.set(number, after);
  }
}
