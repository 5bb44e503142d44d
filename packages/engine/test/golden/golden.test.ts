import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeFrames } from './encode-frames.ts';
import { decodeRowBatch, encodeRowBatch, type RowBatch } from '../../src/format/row-batch.ts';
import { MemoryLogFiles } from '../../src/store/row-log/memory-log-files.ts';
import { RowLog } from '../../src/store/row-log/row-log.ts';

/**
 * Every version that was ever written stays readable: these files are never edited. A new case is two
 * new files, made by add-case.ts from a JSON text.
 */
const folder = join(import.meta.dirname, 'v1');
const names = (end: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => basename(name, end));
const bytesOf = (file: string) => readFileSync(join(folder, file));
const jsonOf = (name: string): unknown =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));

describe('golden files of version 1', () => {
  it.each(names('.arwb'))('%s is read as its JSON twin says', (name) => {
    const batch = jsonOf(name) as RowBatch;
    expect(decodeRowBatch(bytesOf(`${name}.arwb`))).toStrictEqual(batch);
  });

  it.each(names('.arwb').filter((name) => !name.endsWith('-lz4')))(
    '%s is still written as it was',
    (name) => {
      // Compressed bodies are left out: a newer LZ4 may well find a shorter form of the same body.
      expect(Buffer.from(encodeRowBatch(jsonOf(name) as RowBatch))).toStrictEqual(
        bytesOf(`${name}.arwb`),
      );
    },
  );

  it.each(names('.arlog'))('%s is replayed as its JSON twin says', async (name) => {
    const files = new MemoryLogFiles();
    files.setBytes(1, bytesOf(`${name}.arlog`));
    const batches: RowBatch[] = [];
    const log = await RowLog.open({
      files,
      shard: 0,
      clock: () => 0,
      onBatch: (bytes) => batches.push(decodeRowBatch(bytes)),
      onDamage: ({ error }) => {
        throw error;
      },
    });
    await log.close();
    expect(batches).toStrictEqual(jsonOf(name));
    expect(encodeFrames(batches)).toStrictEqual(bytesOf(`${name}.arlog`));
  });
});
