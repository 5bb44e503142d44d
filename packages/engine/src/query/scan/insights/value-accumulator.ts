import { cellCount } from '../../exec/memory.ts';
import { mergeNumbers, packNumbers } from '../../merge/packed-numbers.ts';
import type { CountedNumbers, NumberList } from '../../merge/packed-numbers.ts';
import type { ValueCells } from '../../merge/partial.ts';
import type { Ranks } from '../../merge/segment-ranks.ts';
import type { Accumulator, DayMeasure } from './accumulator.ts';
import type { CellEntries } from './cell-entries.ts';
import type { NumberReader } from './number-reader.ts';
import { ValueList } from './value-list.ts';
import { ValueTable } from './value-table.ts';

/** From this many distinct pairs on, a table in which fewer than two rows share a pair is given up. */
const pairsTried = 2 ** 17;

/** Every number of a property by cell, for exact percentiles. Counted while numbers repeat, listed else. */
export class ValueAccumulator implements Accumulator {
  readonly #reader: NumberReader;
  readonly #bucketCount: number;
  #slotCount = 0;
  readonly #table = new ValueTable();
  #counted = 0;
  /** Once it has something the table takes no more. */
  readonly #list = new ValueList();
  /** 1 by slot whose cells will be asked for; null = all. */
  #wanted: Uint8Array | null = null;
  #sorted: SortedCells | null = null;

  constructor(reader: NumberReader, bucketCount: number) {
    this.#reader = reader;
    this.#bucketCount = bucketCount;
  }

  reserve(slotCount: number): void {
    cellCount(slotCount, this.#bucketCount);
    this.#slotCount = Math.max(slotCount, this.#slotCount);
  }

  add(entries: CellEntries): void {
    const numbers = this.#reader.read(entries);
    if (numbers === null) return;
    const { cells, count } = entries;
    if (this.#list.length > 0) {
      this.#list.add(cells, numbers, 0, count);
      return;
    }
    const step = pairsTried;
    for (let first = 0; first < count; first += step) {
      const end = Math.min(first + step, count);
      if (this.#table.size > pairsTried && 2 * this.#table.size > this.#counted) {
        this.#list.add(cells, numbers, first, count);
        return;
      }
      this.#table.add(cells, numbers, first, end);
      this.#counted += end - first;
    }
  }

  /** A percentile ranks by how many numbers it is of. */
  ranks(_measure: DayMeasure, slotCount: number): Ranks {
    const counts = new Float64Array(slotCount);
    this.#table.countInto(counts, this.#bucketCount);
    this.#list.countInto(counts, this.#bucketCount);
    return { type: 'counts', counts };
  }

  narrowTo(slots: readonly number[]): void {
    this.#wanted = new Uint8Array(this.#slotCount);
    for (const slot of slots) this.#wanted[slot] = 1;
    this.#sorted = null;
  }

  /** Nothing may be added any more. */
  cellsOf(slot: number): ValueCells {
    this.#sorted ??= this.#sort();
    const at: number[] = [];
    const values: NumberList[] = [];
    for (let bucket = 0; bucket < this.#bucketCount; bucket++) {
      const numbers = this.#sorted.numbersOf(slot * this.#bucketCount + bucket);
      if (numbers.values.length === 0) continue;
      at.push(bucket);
      values.push(packNumbers(numbers));
    }
    return { type: 'values', at, values };
  }

  foldInto(whole: this): void {
    this.#table.forEach((cell, value, count) => {
      whole.#table.addOne(cell % this.#bucketCount, value, count);
    });
    this.#list.foldInto(whole.#list, this.#bucketCount);
  }

  #sort(): SortedCells {
    const cellCount = this.#slotCount * this.#bucketCount;
    const wanted = this.#wanted;
    if (wanted === null) return new SortedCells(this.#table, this.#list, cellCount, () => true);
    return new SortedCells(this.#table, this.#list, cellCount, (cell) => {
      return wanted[Math.floor(cell / this.#bucketCount)] === 1;
    });
  }
}

/** What a table and a list hold, by cell and ascending. */
class SortedCells {
  readonly #table: ValueTable;
  readonly #counted: ReturnType<ValueList['sorted']>;
  readonly #listed: ReturnType<ValueList['sorted']>;

  constructor(
    table: ValueTable,
    list: ValueList,
    cells: number,
    isWanted: (cell: number) => boolean,
  ) {
    const distinct = new ValueList();
    const pairs = { cells: new Uint32Array(table.size), values: new Float64Array(table.size) };
    let count = 0;
    table.forEach((cell, value) => {
      if (!isWanted(cell)) return;
      pairs.cells[count] = cell;
      pairs.values[count++] = value;
    });
    distinct.add(pairs.cells, pairs.values, 0, count);
    this.#table = table;
    this.#counted = distinct.sorted(cells, isWanted);
    this.#listed = list.sorted(cells, isWanted);
  }

  numbersOf(cell: number): CountedNumbers {
    const distinct = slice(this.#counted, cell);
    const counts = new Uint32Array(distinct.length);
    for (let i = 0; i < counts.length; i++) counts[i] = this.#table.countOf(cell, distinct[i]);
    const listed = slice(this.#listed, cell);
    const counted = { values: distinct, counts };
    if (listed.length === 0) return counted;
    return countRepeats(mergeNumbers([counted, { values: listed, counts: null }]));
  }
}

function slice({ values, starts }: ReturnType<ValueList['sorted']>, cell: number): Float64Array {
  return values.subarray(starts[cell], starts[cell + 1]);
}

/** Equal neighbours become one. */
function countRepeats({ values, counts }: CountedNumbers): CountedNumbers {
  const distinct = new Float64Array(values.length);
  const sums = new Uint32Array(values.length);
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    if (last < 0 || values[i] !== distinct[last]) distinct[++last] = values[i];
    sums[last] += counts === null ? 1 : counts[i];
  }
  return { values: distinct.slice(0, last + 1), counts: sums.slice(0, last + 1) };
}
