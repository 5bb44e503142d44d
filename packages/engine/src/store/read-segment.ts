import { fileSource } from '../format/segment/byte-source.ts';
import type { SegmentHead } from '../format/segment/segment-header.ts';
import { SegmentFile } from '../format/segment/segment-file.ts';

/** Opens a segment for as long as `use` runs. Throws what opening a segment throws. */
export function readSegment<T>(
  path: string,
  expected: SegmentHead,
  use: (file: SegmentFile) => T,
): T {
  const file = SegmentFile.open(fileSource(path), expected);
  try {
    return use(file);
  } finally {
    file.close();
  }
}
