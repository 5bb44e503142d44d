import { unreachable } from '../../../base/assert.ts';
import type { ScanSource } from '../scan-source.ts';
import type { Accumulator, DayMeasure } from './accumulator.ts';
import type { CellEntries } from './cell-entries.ts';
import { CountAccumulator } from './count-accumulator.ts';
import { DistinctAccumulator } from './distinct-accumulator.ts';
import { ExtremeAccumulator } from './extreme-accumulator.ts';
import { NumberReader } from './number-reader.ts';
import { SumAccumulator } from './sum-accumulator.ts';
import { ValueAccumulator } from './value-accumulator.ts';

/** The accumulators of several measures over the same rows and cells; equal ones are kept once. */
export class CellSet {
  readonly #byKey = new Map<string, Accumulator>();
  readonly #list: Accumulator[];
  /** Where events are counted; null = no measure asks for it. */
  readonly counts: CountAccumulator | null;

  constructor(measures: readonly DayMeasure[], source: ScanSource, bucketCount: number) {
    const readers = new Map<string, NumberReader>();
    for (const measure of measures) {
      const key = keyOf(measure);
      if (this.#byKey.has(key)) continue;
      this.#byKey.set(key, makeAccumulator(measure, { source, bucketCount, readers }));
    }
    this.#list = [...this.#byKey.values()];
    const counts = this.#byKey.get('total');
    this.counts = counts instanceof CountAccumulator ? counts : null;
  }

  of(measure: DayMeasure): Accumulator {
    return this.#byKey.get(keyOf(measure)) as Accumulator;
  }

  reserve(slotCount: number): void {
    for (const accumulator of this.#list) accumulator.reserve(slotCount);
  }

  add(entries: CellEntries): void {
    for (const accumulator of this.#list) accumulator.add(entries);
  }

  foldInto(whole: CellSet): void {
    for (const [key, accumulator] of this.#byKey) {
      accumulator.foldInto(whole.#byKey.get(key) as Accumulator);
    }
  }
}

/** Measures with the same key keep the same cells: what differs is how they are merged. */
function keyOf(measure: DayMeasure): string {
  if (measure.type === 'total') return 'total';
  const kind = measure.type === 'average' ? 'sum' : measure.type;
  return `${kind} ${propertyKey(measure.property)}`;
}

const propertyKey = ({ scope, name }: { scope: string; name: string }): string =>
  `${scope}:${name}`;

function makeAccumulator(
  measure: DayMeasure,
  context: {
    readonly source: ScanSource;
    readonly bucketCount: number;
    readonly readers: Map<string, NumberReader>;
  },
): Accumulator {
  const { source, bucketCount, readers } = context;
  if (measure.type === 'total') return new CountAccumulator(bucketCount);
  if (measure.type === 'distinct_count') {
    return new DistinctAccumulator(measure.property, source, bucketCount);
  }
  const key = propertyKey(measure.property);
  const reader = readers.get(key) ?? new NumberReader(measure.property, source);
  readers.set(key, reader);
  switch (measure.type) {
    case 'sum':
    case 'average':
      return new SumAccumulator(reader, bucketCount);
    case 'min':
    case 'max':
      return new ExtremeAccumulator(reader, bucketCount, measure.type === 'max' ? 1 : -1);
    case 'percentile':
      return new ValueAccumulator(reader, bucketCount);
    default:
      return unreachable(measure);
  }
}
