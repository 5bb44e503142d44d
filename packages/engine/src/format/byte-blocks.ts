import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { sectionBytesGoal } from './sectioned-file.ts';

/** Many short pieces of bytes: piece i is bytes[ends[i − 1], ends[i]); the first begins at `start`. */
export interface ByteBlock {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly ends: Uint32Array;
}

/**
 * `count` pieces as sections of about `sectionBytesGoal` (FORMAT-FILES.md 1.1), each: count, the byte length
 * of each piece as a varint, then the pieces. Twin: `readByteBlock`.
 */
export function byteBlocks(
  count: number,
  writePiece: (writer: ByteWriter, index: number) => void,
): Uint8Array[] {
  const sections: Uint8Array[] = [];
  for (let from = 0; from < count;) {
    const pieces = new ByteWriter(64 * 1024);
    const lengths: number[] = [];
    for (; from < count && pieces.length < sectionBytesGoal; from++) {
      const before = pieces.length;
      writePiece(pieces, from);
      lengths.push(pieces.length - before);
    }
    const section = new ByteWriter(pieces.length + 2 * lengths.length + 16);
    section.varint(lengths.length);
    for (const length of lengths) section.varint(length);
    section.bytes(pieces.written);
    sections.push(section.written);
  }
  return sections;
}

/** One section as `byteBlocks` wrote it. The bytes are a view of the section. */
export function readByteBlock(reader: ByteReader): ByteBlock {
  const ends = new Uint32Array(reader.count(1));
  let sum = 0;
  for (let i = 0; i < ends.length; i++) {
    sum += reader.count(1);
    ends[i] = sum;
  }
  const start = reader.skip(sum);
  reader.finish();
  for (let i = 0; i < ends.length; i++) ends[i] += start;
  return { bytes: reader.bytes, start, ends };
}
