import { batchForm } from '../constants.ts';
import { maxOf } from './codec/bits.ts';
import { decodeSequence, encodeSequence, estimateSequence } from './codec/sequence.ts';
import { dayMs } from './segment-rows.ts';
import type { WordReader, WordWriter } from './words.ts';

/**
 * Batches come nearly in the order of the times in them, and an import exactly so: then the time of a row
 * tells its batch. Threshold b is the time from which rows are expected to belong to batch b.
 */
export class BatchByTime {
  readonly thresholds: Uint32Array;
  readonly #shift: number;
  /** By time >>> shift: thresholds at or before the begin of that stretch of time. */
  readonly #passed: Uint32Array;

  /** `thresholds` ascend (equal ones may stand together); there is at least one. */
  constructor(thresholds: Uint32Array) {
    this.thresholds = thresholds;
    // About as many stretches as thresholds, so that few are left to look at in one.
    let shift = 17;
    while (shift > 8 && dayMs >>> shift < thresholds.length) shift--;
    this.#shift = shift;
    this.#passed = new Uint32Array((dayMs >>> shift) + 1);
    let passed = 0;
    for (let stretch = 0; stretch < this.#passed.length; stretch++) {
      while (passed < thresholds.length && thresholds[passed] <= stretch << shift) passed++;
      this.#passed[stretch] = passed;
    }
  }

  /** From the rows of a day: of the first times of all batches the first, the second, … */
  static fromRows(times: Uint32Array, batches: Uint32Array, batchCount: number): BatchByTime {
    const first = new Uint32Array(batchCount).fill(dayMs);
    for (let row = 0; row < times.length; row++) {
      if (times[row] < first[batches[row]]) first[batches[row]] = times[row];
    }
    return new BatchByTime(first.sort());
  }

  /** The batch expected at each of the times. */
  expect(times: Uint32Array): Uint32Array {
    const { thresholds } = this;
    const passedBy = this.#passed;
    const shift = this.#shift;
    const expected = new Uint32Array(times.length);
    for (let row = 0; row < times.length; row++) {
      const time = times[row];
      let passed = passedBy[time >>> shift];
      while (passed < thresholds.length && thresholds[passed] <= time) passed++;
      expected[row] = passed === 0 ? 0 : passed - 1;
    }
    return expected;
  }
}

/** Bits saved by expecting the batches of these rows instead of writing them down. */
export function savedByTime(batches: Uint32Array, times: Uint32Array, byTime: BatchByTime): number {
  return estimateSequence(batches) - estimateSequence(differences(batches, byTime.expect(times)));
}

/** Word 0: form. Sequence: the batches, or by how much they differ from what is expected, as zigzag. */
export function encodeBatches(
  writer: WordWriter,
  batches: Uint32Array,
  times: Uint32Array,
  byTime: BatchByTime | null,
): void {
  if (byTime === null || savedByTime(batches, times, byTime) <= 0) {
    writer.push(batchForm.plain);
    encodeSequence(writer, batches);
  } else {
    writer.push(batchForm.byTime);
    encodeSequence(writer, differences(batches, byTime.expect(times)));
  }
}

function differences(batches: Uint32Array, expected: Uint32Array): Uint32Array {
  const zigzags = new Uint32Array(batches.length);
  for (let row = 0; row < batches.length; row++) {
    const difference = batches[row] - expected[row];
    zigzags[row] = (difference << 1) ^ (difference >> 31);
  }
  return zigzags;
}

/** Twin of `encodeBatches`. `times` and `byTime` are made only where they are needed. */
export function decodeBatches(
  reader: WordReader,
  batches: Uint32Array,
  { batchCount, expect }: { batchCount: number; expect: () => Uint32Array },
): void {
  const form = reader.atMost(batchForm.byTime, 'form of batches');
  decodeSequence(reader, batches);
  reader.finish();
  if (form === batchForm.byTime) {
    addDifferences(batches, expect());
  }
  const max = maxOf(batches);
  if (max >= batchCount) throw reader.corrupt(`batch ${max} is outside ${batchCount}`);
}

/** Each zigzag becomes what is expected + itself. */
function addDifferences(zigzags: Uint32Array, expected: Uint32Array): void {
  for (let row = 0; row < zigzags.length; row++) {
    const zigzag = zigzags[row];
    zigzags[row] = expected[row] + ((zigzag >>> 1) ^ -(zigzag & 1));
  }
}
