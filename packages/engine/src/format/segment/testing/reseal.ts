import { checksum } from '../../../base/checksum.ts';
import { segmentHeaderLayout as at } from '../../constants.ts';
import { openBytes } from '../block.ts';
import { headerChecksum, readHeader } from '../segment-header.ts';
import { readIndex, writeIndex, type SegmentIndex } from '../segment-index.ts';
import type { BlockRef } from '../block.ts';

/**
 * Makes every checksum of a damaged segment fit as far as it can be found, so that what is behind the
 * checksums is tried. Changes the bytes in place.
 */
export function reseal(bytes: Uint8Array): Uint8Array {
  if (bytes.length < at.size) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sealHeader = (): void => view.setUint32(at.checksum, headerChecksum(bytes), true);
  sealHeader();
  try {
    resealBlocks(bytes);
  } catch {
    // The header or the index is beyond repair: whoever opens it will find the same.
  }
  const indexBytes = Math.min(view.getUint32(at.indexBytes, true), bytes.length - at.size);
  const stored = bytes.subarray(at.size, at.size + indexBytes);
  view.setUint32(at.indexChecksum, checksum(stored), true);
  sealHeader();
  return bytes;
}

/** Only an index that is stored plainly can be written over in place. */
function resealBlocks(bytes: Uint8Array): void {
  const header = readHeader(bytes, bytes.length);
  const end = at.size + header.indexBytes;
  const stored = bytes.subarray(at.size, end);
  const index = readIndex(openBytes(stored, header.indexFlags, 'test'), header, {
    start: Math.ceil(end / 8) * 8,
    end: bytes.length,
  });
  const fixed = mapRefs(index, (ref) => ({
    ...ref,
    offset: ref.offset - Math.ceil(end / 8) * 8,
    checksum: checksum(bytes.subarray(ref.offset, ref.offset + ref.bytes)),
  })) as SegmentIndex;
  if (header.indexFlags === 0) stored.set(writeIndex(fixed).subarray(0, stored.length));
}

function mapRefs(value: unknown, map: (ref: BlockRef) => BlockRef): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Uint32Array) return value;
  if ('offset' in value && 'checksum' in value) return map(value as BlockRef);
  if (Array.isArray(value)) return value.map((item) => mapRefs(item, map));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapRefs(item, map)]),
  );
}
