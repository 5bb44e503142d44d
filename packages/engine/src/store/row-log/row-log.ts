import { assert } from '../../base/assert.ts';
import { EngineError } from '../../base/errors.ts';
import { engineLimits } from '../../base/limits.ts';
import { Slices } from '../../base/slices.ts';
import { frameHeaderBytes, logHeaderBytes } from '../../format/constants.ts';
import { encodeLogHeader, frameHeader } from './frame.ts';
import type { LogFile, LogFiles } from './log-files.ts';
import { type LogDamage, readLogHeader, scanFrames } from './scan.ts';

export interface RowLogOptions {
  readonly files: LogFiles;
  readonly shard: number;
  readonly clock: () => number;
  /** Called for each batch in the log, oldest first, with the file. Throws an `EngineError` for one that is none. */
  readonly onBatch: (bytes: Uint8Array, file: number) => void;
  readonly onDamage: (damage: LogDamage) => void;
  /** Files are closed at about this length. */
  readonly fileBytesMax?: number;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly resolve: (file: number) => void;
  readonly reject: (error: EngineError) => void;
}

/**
 * Of what could not be read of a file: `kept` = the file stays for whoever may still repair it; `given up` = nobody shall, and
 * it goes with the others.
 */
type Damage = 'none' | 'kept' | 'given up';

/** The file that is written to. Bytes from `durableEnd` on do not count, whatever they are. */
interface Tail {
  readonly file: LogFile;
  readonly number: number;
  readonly salt: number;
  /** Ms UTC: no batch in it came before. */
  beganAt: number;
  durableEnd: number;
  damage: Damage;
}

/** A file that is not written to any more. */
interface ClosedFile {
  readonly bytes: number;
  /** 0 where its header cannot be read. */
  readonly beganAt: number;
  damage: Damage;
}

/**
 * The append-only log of one shard replica: SPEC.md has its states, FORMAT.md 3 its bytes.
 *
 * **Invariant:** `append` resolves only after the batch is on the disk; after a rejection nothing of
 * the batch counts, and what was acknowledged before is untouched.
 */
export class RowLog {
  readonly #options: RowLogOptions;
  readonly #waiting: Waiting[] = [];
  readonly #closed: Map<number, ClosedFile>;
  #tail: Tail;
  #committing: Promise<void> | undefined;
  /** A failed commit may have left bytes behind `durableEnd`: they are cut before the next write. */
  #needsRepair = false;
  #mustRotate = false;
  /** Who waits for a new file. */
  readonly #rotating: {
    readonly resolve: () => void;
    readonly reject: (error: EngineError) => void;
  }[] = [];
  #isClosed = false;

  private constructor(options: RowLogOptions, tail: Tail, closed: Map<number, ClosedFile>) {
    this.#options = options;
    this.#tail = tail;
    this.#closed = closed;
  }

  /** Replays every file in order, cuts a torn tail, and is ready to append. */
  static async open(options: RowLogOptions): Promise<RowLog> {
    const numbers = await options.files.list();
    const closed = new Map<number, ClosedFile>();
    let tail: Tail | undefined;
    for (const number of numbers) {
      let damage: Damage = 'none';
      const onDamage = (place: LogDamage): void => {
        if (place.kind === 'damaged') damage = 'kept';
        options.onDamage(place);
      };
      const isLast = number === numbers.at(-1);
      const replayed = await replayFile({ ...options, onDamage }, number, isLast);
      if (replayed && isLast) {
        tail = { ...replayed, damage };
      } else {
        const { durableEnd = 0, beganAt = 0 } = replayed ?? {};
        closed.set(number, { bytes: durableEnd, beganAt, damage });
        await replayed?.file.close();
      }
    }
    tail ??= await createFile(options, (numbers.at(-1) ?? 0) + 1);
    return new RowLog(options, tail, closed);
  }

  /** Bytes of all files, as far as they are durable. */
  get bytes(): number {
    let sum = this.#tail.durableEnd;
    for (const { bytes } of this.#closed.values()) sum += bytes;
    return sum;
  }

  /** No batch that any of the files holds came before this, ms UTC; null = none holds any. */
  get oldestAt(): number | null {
    const { beganAt, durableEnd } = this.#tail;
    const filled = durableEnd > logHeaderBytes ? [beganAt] : [];
    const closed = Array.from(this.#closed.values(), (file) => file.beganAt);
    return filled.length + closed.length === 0 ? null : Math.min(...closed, ...filled);
  }

  /** Files that are not written to any more, and are not kept for a repair. */
  closedFiles(): number[] {
    return Array.from(this.#closed).flatMap(([number, { damage }]) =>
      damage === 'kept' ? [] : number,
    );
  }

  /** Files of which something could not be read, and which are kept for whoever may still repair them. */
  damagedFiles(): number[] {
    const files = [...this.#closed, [this.#tail.number, this.#tail] as const];
    return files.flatMap(([number, { damage }]) => (damage === 'kept' ? number : []));
  }

  /** Files that are damaged now are kept no longer than any others: they may hold who is to be erased. */
  giveUpDamaged(): void {
    for (const file of [...this.#closed.values(), this.#tail]) {
      if (file.damage === 'kept') file.damage = 'given up';
    }
  }

  /** Number of the file that is written to. */
  get fileNumber(): number {
    return this.#tail.number;
  }

  /**
   * Resolves with the number of its file when the batch is durable. Batches that arrive while a sync runs share the next one.
   * The bytes must not change until then.
   */
  append(bytes: Uint8Array): Promise<number> {
    if (this.#isClosed) {
      return Promise.reject(new EngineError('STORE_CLOSED', 'row log is closed'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      this.#committing ??= this.#commitAll();
    });
  }

  /**
   * Every batch that is durable now, oldest first, read anew from the disk; those that are appended meanwhile may
   * be among them. Damage is passed over: that of a file which was good so far is reported, and the file is kept.
   */
  async read(onBatch: (bytes: Uint8Array, file: number) => void, slices: Slices): Promise<void> {
    const ends = new Map(
      Array.from(this.#closed, ([number, { bytes }]) => [number, bytes] as const),
    );
    ends.set(this.#tail.number, this.#tail.durableEnd);
    for (const [number, end] of ends) {
      const file = await this.#options.files.open(number);
      try {
        await readFrames(await file.read(), end, {
          onFrame: (bytes) => onBatch(bytes, number),
          onDamage: this.#damageSeen(number, file.name),
          slices,
        });
      } finally {
        await file.close();
      }
    }
  }

  /** What is told of damage in a file that is read again. */
  #damageSeen(number: number, name: string): (place: Place) => void {
    // The newest file may be closed while it is read.
    const state = () => (number === this.#tail.number ? this.#tail : this.#closed.get(number));
    const { damage = 'none' } = state() ?? {};
    const report = reporter(this.#options, name);
    return (place) => {
      const file = state();
      if (damage !== 'none' || !file) return;
      file.damage = 'kept';
      report('damaged', place);
    };
  }

  /** Begins a new file with the next batch, so that the one that is written to now may be removed once it can be. */
  rotate(): void {
    this.#mustRotate = true;
  }

  /**
   * Begins a new file now, unless nothing is in the one that is written to, so that this may be removed at once. Rejects
   * with `LOG_WRITE_FAILED` where the disk refuses; then the next batch begins it.
   */
  rotateNow(): Promise<void> {
    this.#mustRotate = true;
    return new Promise((resolve, reject) => {
      this.#rotating.push({ resolve, reject });
      this.#committing ??= this.#commitAll();
    });
  }

  /** Deletes closed files whose batches are all kept elsewhere. */
  async remove(numbers: readonly number[]): Promise<void> {
    for (const number of numbers) {
      assert(this.#closed.has(number), () => `row log file ${number} is not closed`);
      await this.#options.files.remove(number);
      this.#closed.delete(number);
    }
  }

  /** Refuses new batches, waits for those under way, closes the file. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#committing;
    await this.#tail.file.close();
  }

  async #commitAll(): Promise<void> {
    // Lets the appends of the same turn of the event loop into the first group.
    await Promise.resolve();
    do {
      while (this.#waiting.length > 0) await this.#commitGroup(this.#takeGroup());
      // Whoever waits for it is told of a failure.
      if (this.#mustRotate) await this.#rotateFor(0).catch(() => undefined);
      // Batches may have come while the new file was made, or somebody who wants another one.
    } while (this.#waiting.length > 0 || this.#rotating.length > 0);
    this.#committing = undefined;
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const file = await this.#commit(group);
      for (const waiting of group) waiting.resolve(file);
    } catch (cause) {
      const error = new EngineError(
        'LOG_WRITE_FAILED',
        `row log ${this.#tail.file.name}: ${group.length} batches were not stored: ${messageOf(cause)}`,
        { cause },
      );
      for (const waiting of group) waiting.reject(error);
    }
  }

  /** From the front of the queue, at least one, as many as the bound allows. */
  #takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes.length;
      if (count > 0 && bytes > engineLimits.commitBytesMax) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** Returns the number of the file that took them. */
  async #commit(group: readonly Waiting[]): Promise<number> {
    if (this.#needsRepair) await this.#repair();
    const size = group.reduce((sum, { bytes }) => sum + frameHeaderBytes + bytes.length, 0);
    await this.#rotateFor(size);
    const tail = this.#tail;
    if (tail.durableEnd === logHeaderBytes) tail.beganAt = this.#options.clock();
    const buffers = group.flatMap(({ bytes }) => [frameHeader(bytes, tail.salt), bytes]);
    try {
      await tail.file.write(buffers, tail.durableEnd);
      await tail.file.sync();
    } catch (error) {
      this.#needsRepair = true;
      // At once, so that a full disk gets its space back; if it fails, the next commit tries again.
      await this.#repair().catch(() => undefined);
      throw error;
    }
    tail.durableEnd += size;
    return tail.number;
  }

  /** Takes away what a failed commit may have left, so that it can never be read as stored. */
  async #repair(): Promise<void> {
    await this.#tail.file.truncate(this.#tail.durableEnd);
    await this.#tail.file.sync();
    this.#needsRepair = false;
  }

  /** Begins a new file where it must, or where `size` more bytes do not fit; tells those who wait for it, even while batches wait on. */
  async #rotateFor(size: number): Promise<void> {
    let failure: unknown;
    try {
      await this.#beginFileFor(size);
    } catch (cause) {
      failure = cause;
      throw cause;
    } finally {
      for (const { resolve, reject } of this.#rotating.splice(0)) {
        if (this.#mustRotate) reject(this.#notRotated(failure));
        else resolve();
      }
    }
  }

  #notRotated(cause: unknown): EngineError {
    const text = `row log ${this.#tail.file.name}: no new file could be begun: ${messageOf(cause)}`;
    return new EngineError('LOG_WRITE_FAILED', text, { cause });
  }

  async #beginFileFor(size: number): Promise<void> {
    const max = this.#options.fileBytesMax ?? engineLimits.logFileBytesMax;
    const { beganAt, durableEnd, number, file, damage } = this.#tail;
    if (durableEnd === logHeaderBytes) {
      this.#mustRotate = false;
      return;
    }
    if (durableEnd + size <= max && !this.#mustRotate) return;
    const next = await createFile(this.#options, number + 1);
    this.#mustRotate = false;
    this.#closed.set(number, { bytes: durableEnd, beganAt, damage });
    this.#tail = next;
    await file.close();
  }
}

/** A file with its header, durable together with its name before anything is written to it. */
async function createFile(options: RowLogOptions, number: number): Promise<Tail> {
  const file = await options.files.create(number);
  try {
    return await beginFile(options, file, number);
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

async function beginFile(options: RowLogOptions, file: LogFile, number: number): Promise<Tail> {
  const salt = options.files.salt();
  const beganAt = options.clock();
  const header = encodeLogHeader({ shard: options.shard, number, salt, createdAt: beganAt });
  assert(header.length === logHeaderBytes, () => `log header has ${header.length} bytes`);
  await file.truncate(0);
  await file.write([header], 0);
  await file.sync();
  await options.files.syncFolder();
  return { file, number, salt, beganAt, durableEnd: logHeaderBytes, damage: 'none' };
}

/** Undefined when the file cannot be written to and a new one must be begun. */
async function replayFile(
  options: RowLogOptions,
  number: number,
  isLast: boolean,
): Promise<Tail | undefined> {
  const file = await options.files.open(number);
  const bytes = await file.read();
  const report = reporter(options, file.name);
  if (isLast && bytes.length < logHeaderBytes) {
    // A crash while the file was made: it never held a batch.
    if (bytes.length > 0) report('torn_tail', { offset: 0, bytes: bytes.length });
    return beginFile(options, file, number);
  }
  const { header, damage } = readLogHeader(bytes);
  for (const place of damage) report('damaged', place);
  if (!header) {
    await file.close();
    return undefined;
  }
  if (header.shard !== options.shard || header.number !== number) {
    await file.close();
    throw new EngineError(
      'WRONG_SHARD',
      `row log ${file.name}: belongs to shard ${header.shard} as file ${header.number}, not to shard ${options.shard}: the folders were mixed up`,
    );
  }
  const durableEnd = await replayFrames({ options, number, bytes, header, isLast, report });
  if (isLast && durableEnd < bytes.length) {
    await file.truncate(durableEnd);
    await file.sync();
  }
  const { salt, createdAt: beganAt } = header;
  return { file, number, salt, beganAt, durableEnd, damage: 'none' };
}

interface Place {
  readonly offset: number;
  readonly bytes: number;
}

type Report = (kind: LogDamage['kind'], place: Place, cause?: EngineError) => void;

function reporter(options: RowLogOptions, file: string): Report {
  return (kind, { offset, bytes }, cause) => {
    const text =
      kind === 'torn_tail'
        ? `the last ${bytes} bytes are an unfinished write: they were cut`
        : `${bytes} bytes are damaged: they are left out`;
    const error =
      cause ?? new EngineError('CORRUPT_LOG', `row log ${file}: offset ${offset}: ${text}`);
    options.onDamage({ kind, file, offset, bytes, error });
  };
}

/** Returns where the file ends: behind its last good frame if it is the last file. */
async function replayFrames(context: {
  readonly options: RowLogOptions;
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly header: { readonly salt: number };
  readonly isLast: boolean;
  readonly report: Report;
}): Promise<number> {
  const { options, number, bytes, header, isLast, report } = context;
  const slices = new Slices(options.clock);
  for (const piece of scanFrames(bytes, header.salt)) {
    if (piece.type === 'damage') {
      const isTail = isLast && piece.offset + piece.bytes === bytes.length;
      report(isTail ? 'torn_tail' : 'damaged', piece);
      if (isTail) return piece.offset;
      continue;
    }
    try {
      options.onBatch(piece.payload, number);
    } catch (error) {
      // A newer version or another shard's data would be lost by going on; damage would not.
      if (!(error instanceof EngineError) || error.code !== 'CORRUPT_BATCH') throw error;
      report('damaged', { offset: piece.offset, bytes: piece.payload.length }, error);
    }
    await slices.pause();
  }
  return bytes.length;
}

/** The frames up to `end`, which were good when they were written or replayed. */
async function readFrames(
  bytes: Uint8Array,
  end: number,
  {
    onFrame,
    onDamage,
    slices,
  }: {
    readonly onFrame: (payload: Uint8Array) => void;
    readonly onDamage: (place: Place) => void;
    readonly slices: Slices;
  },
): Promise<void> {
  const { header, damage } = readLogHeader(bytes);
  for (const place of damage) onDamage(place);
  if (bytes.length < end) onDamage({ offset: bytes.length, bytes: end - bytes.length });
  if (!header) return;
  for (const piece of scanFrames(bytes.subarray(0, end), header.salt)) {
    if (piece.type === 'frame') onFrame(piece.payload);
    else onDamage(piece);
    await slices.pause();
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
