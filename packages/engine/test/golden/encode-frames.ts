import { encodeRowBatch, type RowBatch } from '../../src/format/row-batch.ts';
import { encodeLogHeader, frameHeader } from '../../src/store/row-log/frame.ts';

/** Fixed where a real file has a random number, so that the file is the same every time. */
const salt = 0x01020304;

/** The bytes of row-log file 1 of shard 0 with these batches. */
export function encodeFrames(batches: readonly RowBatch[]): Buffer {
  const header = encodeLogHeader({ shard: 0, number: 1, salt, createdAt: 1_709_510_400_000 });
  const frames = batches.flatMap((batch) => {
    const bytes = encodeRowBatch(batch);
    return [frameHeader(bytes, salt), bytes];
  });
  return Buffer.concat([header, ...frames]);
}
