import { decodeRowBatch } from '@arbor/engine/batch';
import { decodePeopleFile } from '@arbor/engine/people-file';
import { readLogHeader, scanFrames } from '@arbor/engine/row-log/scan';
import { SegmentFile } from '@arbor/engine/segment-file';
import { bytesSource } from '@arbor/engine/segment-source';
import { readRows } from '@arbor/engine/segment-to-rows';
import { mergedUsersPiece } from '@arbor/engine/users-file';

/** Everything in words that a file of the store holds, unpacked; "" for files that are none. By the file's suffix. */
export function storedText(name: string, bytes: Buffer): string {
  if (name.endsWith('.arseg')) return segmentText(bytes);
  if (name.endsWith('.aruser')) return mergedUsersPiece([bytes]).ids.join('\n');
  if (name.endsWith('.arppl')) return jsonOf(decodePeopleFile(bytes));
  if (name.endsWith('.arlog')) return logText(bytes);
  return '';
}

function segmentText(bytes: Buffer): string {
  const file = SegmentFile.open(bytesSource(bytes));
  try {
    const { events, sentIdTexts, insertIds, properties } = readRows(file);
    const ids = Buffer.from(insertIds.bytes).toString('latin1');
    return `${jsonOf({ events, sentIdTexts, properties })}\n${ids}`;
  } finally {
    file.close();
  }
}

function logText(bytes: Buffer): string {
  const { header } = readLogHeader(bytes);
  if (!header) return '';
  const batches = [...scanFrames(bytes, header.salt)].flatMap((piece) =>
    piece.type === 'damage' ? [] : [decodeRowBatch(piece.payload)],
  );
  return jsonOf(batches);
}

/** Without lists of numbers, in which there are no words. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) => (ArrayBuffer.isView(inner) ? null : inner));
