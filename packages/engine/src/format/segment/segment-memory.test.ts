import { expect, it } from 'vitest';
import { EngineError } from '../../base/errors.ts';
import { engineLimits } from '../../base/limits.ts';
import { segmentHeaderLayout } from '../constants.ts';
import { bytesSource } from './byte-source.ts';
import { encodeSegment } from './encode-segment.ts';
import { SegmentFile } from './segment-file.ts';
import { toSegmentRows } from './testing/random-rows.ts';
import { reseal } from './testing/reseal.ts';
import { shopDay } from './testing/shop-day.ts';

const head = { project: 7, shard: 3, day: 20_454 };
const bytes = encodeSegment(toSegmentRows(shopDay(3, 1)), head);

/** More than all that is read of so small a segment, and less than one column of the rows that are forged. */
const bytesMax = 1024 * 1024;

/** The text of the error that reading all rows raises, with every checksum made to fit; little was allocated before. */
function failure(forge: (view: DataView) => void): string {
  const forged = bytes.slice();
  forge(new DataView(forged.buffer));
  reseal(forged);
  const before = process.memoryUsage().arrayBuffers;
  const text = errorOf(forged);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(bytesMax);
  return text;
}

function errorOf(forged: Uint8Array): string {
  try {
    SegmentFile.open(bytesSource(forged)).rows();
    return 'no error';
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

it('refuses more rows than a segment may have', () => {
  const rows = engineLimits.segmentRowsMax + 1;
  expect(failure((view) => view.setUint32(segmentHeaderLayout.rowCount, rows, true))).toBe(
    `CORRUPT_SEGMENT: segment: header: ${rows} rows exceed ${engineLimits.segmentRowsMax}`,
  );
});

it.each(['rowCount', 'userCount', 'batchCount', 'sentIdCount'] as const)(
  'allocates nothing for a forged %s',
  (name) => {
    const forged = failure((view) => {
      view.setUint32(segmentHeaderLayout.rowCount, engineLimits.segmentRowsMax, true);
      view.setUint32(segmentHeaderLayout[name], engineLimits.segmentRowsMax, true);
    });
    const { rowCount } = SegmentFile.open(bytesSource(bytes), head).rows();
    expect(forged).toMatch(
      new RegExp(
        `^CORRUPT_SEGMENT: .*events have ${rowCount} rows, the header says ${engineLimits.segmentRowsMax}$`,
      ),
    );
  },
);

it.each(['eventCount', 'propertyCount'] as const)(
  'allocates nothing for a forged %s, which the index could not hold',
  (name) => {
    const forged = failure((view) => {
      view.setUint32(segmentHeaderLayout.rowCount, engineLimits.segmentRowsMax, true);
      view.setUint32(segmentHeaderLayout[name], engineLimits.segmentRowsMax, true);
    });
    expect(forged).toMatch(/^CORRUPT_SEGMENT: .* properties do not fit \d+ bytes$/);
  },
);
