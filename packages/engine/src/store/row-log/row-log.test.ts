import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../base/errors.ts';
import { Slices } from '../../base/slices.ts';
import { frameHeaderBytes, logHeaderBytes } from '../../format/constants.ts';
import { folderLogFiles, type LogFiles } from './log-files.ts';
import { MemoryLogFiles } from './memory-log-files.ts';
import { RowLog } from './row-log.ts';
import type { LogDamage } from './scan.ts';

interface Opened {
  readonly log: RowLog;
  readonly texts: string[];
  readonly damage: LogDamage[];
}

/** Opens a log whose batches are plain texts, and tells what it replayed. */
async function open(
  files: LogFiles,
  options: {
    readonly fileBytesMax?: number;
    readonly shard?: number;
    readonly clock?: () => number;
  } = {},
): Promise<Opened> {
  const texts: string[] = [];
  const damage: LogDamage[] = [];
  const log = await RowLog.open({
    files,
    shard: 4,
    clock: () => 1,
    onBatch: (bytes) => texts.push(Buffer.from(bytes).toString()),
    onDamage: (place) => damage.push(place),
    ...options,
  });
  return { log, texts, damage };
}

async function fill(files: LogFiles, texts: readonly string[]): Promise<void> {
  const { log } = await open(files);
  for (const text of texts) await log.append(Buffer.from(text));
  await log.close();
}

async function replay(files: LogFiles): Promise<{ texts: string[]; damage: LogDamage[] }> {
  const { log, texts, damage } = await open(files);
  await log.close();
  return { texts, damage };
}

const kinds = (damage: readonly LogDamage[]) =>
  damage.map(({ kind, offset, bytes }) => `${kind} ${offset}+${bytes}`);

const sample = ['first', 'second batch', 'third'];
/** Where each frame of the sample ends. */
const ends = sample.map((_, i) =>
  sample
    .slice(0, i + 1)
    .reduce((sum, text) => sum + frameHeaderBytes + text.length, logHeaderBytes),
);

describe('row log', () => {
  it('gives back what was appended, in order', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    expect(await replay(files)).toStrictEqual({ texts: sample, damage: [] });
  });

  it('has everything that was acknowledged after a loss of power', async () => {
    const files = new MemoryLogFiles();
    const { log } = await open(files);
    await Promise.all(sample.map((text) => log.append(Buffer.from(text))));
    expect((await replay(files.crash())).texts).toStrictEqual(sample);
  });

  it('lets batches that arrive during a sync share the next one', async () => {
    const files = new MemoryLogFiles();
    const { log } = await open(files);
    let syncs = 0;
    files.onAction = (action) => {
      if (action === 'sync') syncs++;
    };
    await Promise.all(Array.from({ length: 100 }, (_, i) => log.append(Buffer.from(`b${i}`))));
    expect(syncs).toBe(1);
    const first = log.append(Buffer.from('x'));
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, log.append(Buffer.from('y'))]);
    expect(syncs).toBeLessThanOrEqual(3);
  });

  it('begins a new file when one is full, and replays them all in order', async () => {
    const files = new MemoryLogFiles();
    const texts = Array.from({ length: 50 }, (_, i) => `batch number ${i}`);
    const { log } = await open(files, { fileBytesMax: 200 });
    for (const text of texts) await log.append(Buffer.from(text));
    await log.close();
    const numbers = await files.list();
    expect(numbers.length).toBeGreaterThan(10);
    for (const number of numbers) expect(files.bytes(number).length).toBeLessThanOrEqual(200);
    expect((await replay(files)).texts).toStrictEqual(texts);
  });

  it('takes a batch that is larger than a file', async () => {
    const files = new MemoryLogFiles();
    const { log } = await open(files, { fileBytesMax: 100 });
    await log.append(Buffer.alloc(500, 'x'));
    await log.append(Buffer.from('after'));
    await log.close();
    expect((await replay(files)).texts).toStrictEqual(['x'.repeat(500), 'after']);
  });

  it('refuses batches once it is closed', async () => {
    const { log } = await open(new MemoryLogFiles());
    await log.close();
    await expect(log.append(Buffer.from('late'))).rejects.toThrow('row log is closed');
  });

  it('refuses the folder of another shard', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    await expect(open(files, { shard: 5 })).rejects.toThrow(
      expect.objectContaining({
        code: 'WRONG_SHARD',
        message:
          'row log 1.arlog: belongs to shard 4 as file 1, not to shard 5: the folders were mixed up',
      }),
    );
  });
});

describe('row log that was cut', () => {
  it('at any byte keeps what came before, and takes appends', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    const whole = Buffer.from(files.bytes(1));
    for (let length = 0; length <= whole.length; length++) {
      const cut = new MemoryLogFiles();
      cut.setBytes(1, whole.subarray(0, length));
      const kept = sample.filter((_, i) => length >= ends[i]);
      const opened = await open(cut);
      expect(opened.texts, `cut at ${length}`).toStrictEqual(kept);
      const isClean = length === 0 || length === logHeaderBytes || ends.includes(length);
      const keptEnd = length < logHeaderBytes ? 0 : (ends[kept.length - 1] ?? logHeaderBytes);
      expect(kinds(opened.damage)).toStrictEqual(
        isClean ? [] : [`torn_tail ${keptEnd}+${length - keptEnd}`],
      );
      await opened.log.append(Buffer.from('more'));
      await opened.log.close();
      expect(await replay(cut)).toStrictEqual({ texts: [...kept, 'more'], damage: [] });
    }
  });

  it('says what it cut', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    files.setBytes(1, files.bytes(1).subarray(0, -1));
    const [place] = (await replay(files)).damage;
    expect(place?.error).toBeInstanceOf(EngineError);
    expect(`${place?.error.code}: ${place?.error.message}`).toBe(
      'CORRUPT_LOG: row log 1.arlog: offset 113: the last 20 bytes are an unfinished write: they were cut',
    );
  });
});

/** What a flipped byte of the header does: the other copy stands in for it. */
function headerDamage(at: number): { texts: string[]; damage: string } {
  return { texts: sample, damage: `damaged ${at < 32 ? 0 : 32}+32` };
}

/** What a flipped byte of a frame does: that frame is lost, and no other. */
function frameDamage(at: number): { texts: string[]; damage: string } {
  const frame = ends.findIndex((end) => at < end);
  const start = ends[frame - 1] ?? logHeaderBytes;
  const kind = frame === sample.length - 1 ? 'torn_tail' : 'damaged';
  return {
    texts: sample.filter((_, i) => i !== frame),
    damage: `${kind} ${start}+${ends[frame] - start}`,
  };
}

describe('row log that was damaged', () => {
  it('at any byte reports the place and keeps the rest', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    const whole = Buffer.from(files.bytes(1));
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      const damaged = new MemoryLogFiles();
      damaged.setBytes(1, flipped);
      const opened = await open(damaged);
      const expected = at < logHeaderBytes ? headerDamage(at) : frameDamage(at);
      expect(opened.texts, `flipped ${at}`).toStrictEqual(expected.texts);
      expect(kinds(opened.damage), `flipped ${at}`).toStrictEqual([expected.damage]);
      await opened.log.append(Buffer.from('more'));
      await opened.log.close();
      expect((await replay(damaged)).texts).toStrictEqual([...opened.texts, 'more']);
    }
  });

  it('in both copies of its header is left alone, and a new file is begun', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    const bytes = Buffer.from(files.bytes(1));
    bytes.fill(0, 0, logHeaderBytes);
    files.setBytes(1, bytes);
    const { log, texts, damage } = await open(files);
    expect(texts).toStrictEqual([]);
    expect(kinds(damage)).toStrictEqual([`damaged 0+${bytes.length}`]);
    await log.append(Buffer.from('new'));
    await log.close();
    expect(files.bytes(1)).toStrictEqual(bytes);
    expect((await replay(files)).texts).toStrictEqual(['new']);
  });

  it('never takes customers data for a frame when it looks for the next one', async () => {
    const other = new MemoryLogFiles();
    other.salt(); // Another file, another salt: an attacker cannot know it.
    await fill(other, ['forged']);
    const forged = other.bytes(1).subarray(logHeaderBytes);
    const files = new MemoryLogFiles();
    const { log } = await open(files);
    await log.append(Buffer.concat([Buffer.from('data '), forged]));
    await log.append(Buffer.from('after'));
    await log.close();
    const bytes = Buffer.from(files.bytes(1));
    bytes[logHeaderBytes] = 0; // The magic of the first frame.
    files.setBytes(1, bytes);
    expect((await replay(files)).texts).toStrictEqual(['after']);
  });

  it('reports a batch that is none although its frame is good', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    const damage: LogDamage[] = [];
    const error = new EngineError('CORRUPT_BATCH', 'row batch: no');
    const log = await RowLog.open({
      files,
      shard: 4,
      clock: () => 1,
      onBatch: (bytes) => {
        if (bytes.length === 12) throw error;
      },
      onDamage: (place) => damage.push(place),
    });
    await log.close();
    expect(damage).toStrictEqual([
      { kind: 'damaged', file: '1.arlog', offset: ends[0], bytes: 12, error },
    ]);
  });

  it('does not go on over a batch of a newer version', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    const opening = RowLog.open({
      files,
      shard: 4,
      clock: () => 1,
      onBatch: () => {
        throw new EngineError('UNSUPPORTED_VERSION', 'row batch: version 2');
      },
      onDamage: () => undefined,
    });
    await expect(opening).rejects.toThrow('row batch: version 2');
  });
});

describe('row log on a disk that fails', () => {
  for (const failing of ['write', 'sync'] as const) {
    it(`rejects the batches of a failed ${failing}, and stores the next ones`, async () => {
      const files = new MemoryLogFiles();
      const { log } = await open(files);
      await log.append(Buffer.from('before'));
      let isFull = true;
      files.onAction = (action) => {
        if (action === failing && isFull) {
          isFull = false;
          throw new Error('no space left on device');
        }
      };
      const results = await Promise.allSettled([
        log.append(Buffer.from('lost 1')),
        log.append(Buffer.from('lost 2')),
      ]);
      for (const result of results) {
        expect(result.status).toBe('rejected');
        expect(result).toHaveProperty('reason.code', 'LOG_WRITE_FAILED');
        expect(result).toHaveProperty(
          'reason.message',
          'row log 1.arlog: 2 batches were not stored: no space left on device',
        );
      }
      await log.append(Buffer.from('after'));
      await log.close();
      expect(await replay(files)).toStrictEqual({ texts: ['before', 'after'], damage: [] });
    });
  }

  it('stores nothing until what a failed write left could be cut', async () => {
    const files = new MemoryLogFiles();
    const { log } = await open(files);
    await log.append(Buffer.from('before'));
    const broken = new Set(['write', 'truncate']);
    files.onAction = (action) => {
      if (broken.has(action)) throw new Error(`${action} failed`);
    };
    await expect(log.append(Buffer.from('lost'))).rejects.toThrow('write failed');
    broken.delete('write');
    await expect(log.append(Buffer.from('lost too'))).rejects.toThrow('truncate failed');
    broken.clear();
    await log.append(Buffer.from('after'));
    await log.close();
    expect(await replay(files)).toStrictEqual({ texts: ['before', 'after'], damage: [] });
  });

  it('goes on in the old file when a new one cannot be made', async () => {
    const files = new MemoryLogFiles();
    const { log } = await open(files, { fileBytesMax: 100 });
    await log.append(Buffer.from('before'));
    files.onAction = (action) => {
      if (action === 'create') throw new Error('no space left on device');
    };
    await expect(log.append(Buffer.alloc(40, 'x'))).rejects.toThrow('no space left on device');
    files.onAction = () => undefined;
    await log.append(Buffer.alloc(40, 'y'));
    await log.close();
    expect(await replay(files)).toStrictEqual({ texts: ['before', 'y'.repeat(40)], damage: [] });
  });

  it('is opened again after a crash while a new file was made', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    files.setBytes(2, files.bytes(1).subarray(0, 40));
    const { log, texts, damage } = await open(files);
    expect(texts).toStrictEqual(sample);
    expect(kinds(damage)).toStrictEqual(['torn_tail 0+40']);
    await log.append(Buffer.from('more'));
    await log.close();
    expect((await replay(files)).texts).toStrictEqual([...sample, 'more']);
  });
});

describe('row log whose batches are kept elsewhere', () => {
  const read = async (log: RowLog): Promise<string[]> => {
    const texts: string[] = [];
    await log.read((bytes, file) => texts.push(`${file} ${Buffer.from(bytes).toString()}`), slices);
    return texts;
  };
  const slices = new Slices(() => 1);

  it('begins a new file when it is told to, and says which file took a batch', async () => {
    const { log } = await open(new MemoryLogFiles());
    log.rotate();
    expect(await log.append(Buffer.from('a'))).toBe(1);
    log.rotate();
    expect(await log.append(Buffer.from('b'))).toBe(2);
    expect(await log.append(Buffer.from('c'))).toBe(2);
    expect(log.closedFiles()).toStrictEqual([1]);
    expect(await read(log)).toStrictEqual(['1 a', '2 b', '2 c']);
    await log.close();
  });

  it('begins a new file at once where it is asked to, among batches and without any', async () => {
    const { log } = await open(new MemoryLogFiles());
    await log.rotateNow();
    expect(log.closedFiles()).toStrictEqual([]);
    await log.append(Buffer.from('a'));
    await log.rotateNow();
    expect([log.closedFiles(), log.fileNumber]).toStrictEqual([[1], 2]);
    await Promise.all([log.append(Buffer.from('b')), log.rotateNow()]);
    expect([log.closedFiles(), log.fileNumber]).toStrictEqual([[1], 2]);
    const rotated = log.rotateNow();
    expect(await log.append(Buffer.from('c'))).toBe(3);
    await rotated;
    expect(await read(log)).toStrictEqual(['1 a', '2 b', '3 c']);
    await log.close();
  });

  it('waits for the new file alone, not for the end of batches that come without a pause', async () => {
    const { log } = await open(new MemoryLogFiles());
    let left = 1000;
    const send = async (): Promise<void> => {
      while (left-- > 0) await log.append(Buffer.from('a'));
    };
    const first = send();
    // The next group always waits while the one before is written.
    await Promise.resolve().then(() => undefined);
    const second = send();
    await log.rotateNow();
    await log.rotateNow();
    expect(left).toBeGreaterThan(900);
    left = 0;
    await Promise.all([first, second]);
    expect(log.fileNumber).toBeGreaterThan(1);
    await log.close();
  });

  it('tells since when its files hold batches, as far as it has any', async () => {
    let now = 100;
    const files = new MemoryLogFiles();
    const { log } = await open(files, { clock: () => now });
    expect(log.oldestAt).toBeNull();
    now = 200;
    await log.append(Buffer.from('a'));
    now = 300;
    await log.rotateNow();
    await log.append(Buffer.from('b'));
    expect(log.oldestAt).toBe(200);
    await log.remove([1]);
    expect(log.oldestAt).toBe(300);
    await log.close();
    now = 400;
    const again = await open(files.crash(), { clock: () => now });
    expect(again.log.oldestAt).toBe(300);
    await again.log.close();
  });

  it('says where the disk refuses a new file, and goes on', async () => {
    const files = new MemoryLogFiles();
    const { log } = await open(files);
    await log.append(Buffer.from('a'));
    files.onAction = (action) => {
      if (action === 'create') throw new Error('no space left');
    };
    await expect(log.rotateNow()).rejects.toThrow('no new file could be begun: no space left');
    files.onAction = () => undefined;
    expect(await log.append(Buffer.from('b'))).toBe(2);
    expect(await read(log)).toStrictEqual(['1 a', '2 b']);
    await log.close();
  });

  it('forgets the batches of removed files alone', async () => {
    const files = new MemoryLogFiles();
    const { log } = await open(files);
    for (const text of ['a', 'b', 'c']) {
      await log.append(Buffer.from(text));
      log.rotate();
    }
    await log.remove([1]);
    expect(log.closedFiles()).toStrictEqual([2]);
    expect(await read(log)).toStrictEqual(['2 b', '3 c']);
    await log.append(Buffer.from('d'));
    await log.close();
    expect(await replay(files.crash())).toStrictEqual({ texts: ['b', 'c', 'd'], damage: [] });
  });

  it('keeps a damaged file until it is given up', async () => {
    const files = new MemoryLogFiles();
    await fill(files, sample);
    const bytes = files.bytes(1);
    bytes[(ends[0] ?? 0) + frameHeaderBytes] ^= 1;
    files.setBytes(1, bytes);
    const { log } = await open(files);
    log.rotate();
    await log.append(Buffer.from('more'));
    expect([log.closedFiles(), log.damagedFiles()]).toStrictEqual([[], [1]]);
    expect(await read(log)).toStrictEqual(['1 first', '1 third', '2 more']);
    log.giveUpDamaged();
    expect([log.closedFiles(), log.damagedFiles()]).toStrictEqual([[1], []]);
    // Read again, it is no news that it is damaged.
    expect(await read(log)).toStrictEqual(['1 first', '1 third', '2 more']);
    expect(log.closedFiles()).toStrictEqual([1]);
    await log.close();
  });

  it('reports damage that came after it was written, once, and keeps the file', async () => {
    const files = new MemoryLogFiles();
    const { log, damage } = await open(files);
    const ends: number[] = [];
    for (const text of ['first', 'second', 'third']) {
      await log.append(Buffer.from(text));
      ends.push(log.bytes);
    }
    log.rotate();
    await log.append(Buffer.from('more'));
    expect(log.closedFiles()).toStrictEqual([1]);
    const bytes = files.bytes(1);
    bytes[ends[0] + frameHeaderBytes] ^= 1;
    files.setBytes(1, bytes);
    for (let round = 0; round < 2; round++) {
      expect(await read(log)).toStrictEqual(['1 first', '1 third', '2 more']);
      expect(damage).toMatchObject([{ kind: 'damaged', offset: ends[0] }]);
      expect(log.closedFiles()).toStrictEqual([]);
    }
    await log.close();
  });

  it('keeps a file that cannot be deleted, and everything in it', async () => {
    const files = new MemoryLogFiles();
    const { log } = await open(files);
    await log.append(Buffer.from('a'));
    log.rotate();
    await log.append(Buffer.from('b'));
    files.onAction = (action) => {
      if (action === 'remove') throw new Error('read-only file system');
    };
    await expect(log.remove([1])).rejects.toThrow('read-only file system');
    expect(log.closedFiles()).toStrictEqual([1]);
    expect(await read(log)).toStrictEqual(['1 a', '2 b']);
    await log.close();
  });
});

describe('row log in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'arbor-row-log-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('keeps its files there, and finds them again', async () => {
    const directory = join(folder, 'shards', '4');
    await fill(folderLogFiles(directory), sample);
    expect(await readdir(directory)).toStrictEqual(['00000001.arlog']);
    expect(await replay(folderLogFiles(directory))).toStrictEqual({ texts: sample, damage: [] });
  });

  it('deletes a file for good', async () => {
    const { log } = await open(folderLogFiles(folder));
    await log.append(Buffer.from('a'));
    log.rotate();
    await log.append(Buffer.from('b'));
    await log.remove([1]);
    await log.close();
    expect(await readdir(folder)).toStrictEqual(['00000002.arlog']);
    expect(await replay(folderLogFiles(folder))).toStrictEqual({ texts: ['b'], damage: [] });
  });

  it('cuts a torn tail on the disk', async () => {
    await fill(folderLogFiles(folder), sample);
    const file = await folderLogFiles(folder).open(1);
    await file.write([Buffer.from('half a fra')], ends[2] ?? 0);
    await file.close();
    const torn = await replay(folderLogFiles(folder));
    expect(torn.texts).toStrictEqual(sample);
    expect(kinds(torn.damage)).toStrictEqual([`torn_tail ${ends[2]}+10`]);
    expect((await replay(folderLogFiles(folder))).damage).toStrictEqual([]);
  });
});
