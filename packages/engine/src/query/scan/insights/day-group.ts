import { packSegments } from '../../merge/packed-segments.ts';
import type { MetricPartial } from '../../merge/partial.ts';
import type { ChosenSegments, GroupRanks, SegmentRanks } from '../../merge/segment-ranks.ts';
import type { RowMatch } from '../row-mask.ts';
import type { EventRows, ScanSource } from '../scan-source.ts';
import { SegmentIndex, severalSegments } from '../segment-index.ts';
import type { DictionarySegments } from '../segment-index.ts';
import { addTotals } from './add-totals.ts';
import { cellsInBuckets, gatherCodes, keepInRange, slotsOfCodes } from './cell-entries.ts';
import { CellSet } from './cell-set.ts';
import type { DayMeasure } from './accumulator.ts';
import { piecesOfRows } from './day-pieces.ts';
import type { DayPieces } from './day-pieces.ts';
import { isOfUsers, propertyOf } from './property-columns.ts';
import type { RowProperty } from './property-columns.ts';
import { usersOfRows } from './select-rows.ts';
import type { RowScratch } from './select-rows.ts';
import { SlotTable } from './slot-table.ts';
import type { PropertyPlan } from '../../plan/plan-types.ts';

export interface DayGroupPlan {
  readonly match: RowMatch;
  readonly breakdown: PropertyPlan | null;
  readonly measures: readonly DayMeasure[];
  readonly bucketCount: number;
}

/** A metric of the plan. */
export interface RankedMetric<Measure> {
  /** Index in the plan. */
  readonly metric: number;
  readonly measure: Measure;
  /** Whether its ranks decide which segments come back. */
  readonly isRanking: boolean;
}

/** Segments and what is kept of them. */
export interface Segmented {
  readonly slots: SlotTable;
  readonly cells: CellSet;
}

/**
 * The metrics over the same events with the same filters: rows are chosen, and their cells found, once
 * for all of them.
 *
 * A row lies in one segment, or in several where its value is a list. Rows of the first kind are kept by
 * segment alone, and the row over all segments is their sum; those of the second kind count in each
 * segment (`listed`) and once in the whole (`whole`).
 */
export class DayGroup {
  readonly #plan: DayGroupPlan;
  readonly #source: ScanSource;
  readonly #scratch: RowScratch;
  readonly #whole: CellSet;
  readonly #single: Segmented;
  #listed: Segmented | null = null;
  readonly #segmentIndex: SegmentIndex;
  readonly #onlyTotals: boolean;
  /** Whether a measure reads what belongs to users. */
  readonly #needsUsers: boolean;
  #overall: CellSet | null = null;
  #buckets = new Uint16Array(0);
  #cells = new Uint32Array(0);

  constructor(plan: DayGroupPlan, source: ScanSource, scratch: RowScratch) {
    this.#plan = plan;
    this.#segmentIndex = new SegmentIndex(plan.breakdown?.name ?? '');
    this.#source = source;
    this.#scratch = scratch;
    this.#whole = this.#newCells();
    this.#whole.reserve(1);
    this.#single = this.#newSegmented();
    this.#onlyTotals = plan.measures.every(({ type }) => type === 'total');
    this.#needsUsers = plan.measures.some(
      (measure) => 'property' in measure && isOfUsers(measure.property),
    );
  }

  addEvent(rows: EventRows, pieces: DayPieces): void {
    const match = this.#plan.match.ofEvent(rows.event);
    if (match === null) return;
    const { breakdown } = this.#plan;
    const property = breakdown && propertyOf(breakdown, rows, this.#source);
    const counts = this.#single.cells.counts;
    if (this.#onlyTotals && counts && this.#whole.counts) {
      const { bucketCount } = this.#plan;
      const targets = { whole: this.#whole.counts, counts, slots: this.#single.slots };
      const segmentOf = (value: string | null): number => this.#segmentIndex.ofValue(value);
      if (
        addTotals({ rows, match, property, pieces, bucketCount, segmentOf }, targets, this.#scratch)
      )
        return;
    }
    this.#addRows(rows, pieces, property);
  }

  /** As `ScanSet.ranks`, of the given metrics of the plan, which are those of this group. */
  ranks(metrics: readonly RankedMetric<DayMeasure>[]): GroupRanks | null {
    const parts = this.#segmented().map(({ slots, cells }): SegmentRanks | null => {
      const own = metrics.map(({ metric, measure, isRanking }) => {
        if (!isRanking) return { metric, ranks: null };
        const ranks = cells.of(measure).ranks(measure, slots.count);
        return ranks && { metric, ranks };
      });
      const known = own.filter((one) => one !== null);
      return known.length === own.length ? { keys: slots.keys(), metrics: known } : null;
    });
    const known = parts.filter((part) => part !== null);
    return known.length === parts.length ? known : null;
  }

  /** What one metric of the group has. Nothing may be added any more. */
  result(measure: DayMeasure, chosen?: ChosenSegments): MetricPartial {
    this.#overall ??= this.#addUp();
    const overall = this.#overall.of(measure).cellsOf(0);
    const segments = this.#segmented().flatMap(({ slots, cells }) => {
      const accumulator = cells.of(measure);
      const listed = chosen ? slots.slotsOf(chosen.keys) : slots.all();
      if (chosen) accumulator.narrowTo?.(listed);
      return listed.map((slot) => {
        return { segment: slots.segment(slot), cells: accumulator.cellsOf(slot) };
      });
    });
    if (chosen) return { overall, segments, segmentCount: chosen.segmentCount };
    return { overall, segments: packSegments(segments) };
  }

  #segmented(): Segmented[] {
    return this.#listed === null ? [this.#single] : [this.#single, this.#listed];
  }

  /** All rows in one slot: those of single segments and those of lists. */
  #addUp(): CellSet {
    this.#single.cells.foldInto(this.#whole);
    return this.#whole;
  }

  #addRows(rows: EventRows, pieces: DayPieces, property: RowProperty | null): void {
    const match = this.#plan.match.ofEvent(rows.event);
    if (match === null) return;
    const scratch = this.#scratch;
    scratch.reserve(rows.rowCount);
    let count = match.list(rows, 0, rows.rowCount, scratch);
    if (this.#cells.length < scratch.rows.length) {
      this.#cells = new Uint32Array(scratch.rows.length);
      this.#buckets = new Uint16Array(scratch.rows.length);
    }
    if (pieces.count > 1) {
      // The mask has done its work: its room takes the pieces.
      piecesOfRows(rows.times, scratch.rows, count, pieces, scratch.mask);
      const { bucketCount } = this.#plan;
      const buckets = this.#buckets;
      count = keepInRange(
        scratch.rows,
        scratch.mask,
        count,
        pieces.first - 1,
        bucketCount,
        buckets,
      );
    } else {
      this.#buckets.fill(pieces.first - 1, 0, count);
    }
    if (count === 0) return;
    if (this.#needsUsers || property?.by === 'user') {
      usersOfRows(rows, scratch.rows, count, scratch.users);
    }
    this.#addSelected(rows, count, property);
  }

  /** Finds the slots of the chosen rows. */
  #addSelected(rows: EventRows, count: number, property: RowProperty | null): void {
    const cells = this.#cells;
    const { rows: selected, users } = this.#scratch;
    if (property === null) {
      cells.fill(0, 0, count);
      this.#addCells(rows, count, this.#whole);
      return;
    }
    const { slots, cells: set } = this.#single;
    if (property.by === 'event') {
      cells.fill(slots.slotOf(this.#segmentIndex.ofValue(property.value)), 0, count);
    } else {
      const { codes, dictionary } = property.column;
      gatherCodes(codes, property.by === 'row' ? selected : users, count, cells);
      const segments = slots.of(dictionary);
      const waiting = slotsOfCodes(cells, count, segments, slots);
      if (waiting > 0) {
        this.#splitLists(rows, count, property, segments);
        return;
      }
    }
    set.reserve(slots.count);
    this.#addCells(rows, count, set);
  }

  /** Some values are lists: their rows go into every segment of an item, and once into the whole. */
  #splitLists(
    rows: EventRows,
    count: number,
    property: Extract<RowProperty, { by: 'row' | 'user' }>,
    segments: DictionarySegments,
  ): void {
    const { rows: selected, users } = this.#scratch;
    const index = (property.by === 'row' ? selected : users).slice(0, count);
    const { codes } = property.column;
    const single = new EntryList();
    const whole = new EntryList();
    const listed = new EntryList();
    this.#listed ??= this.#newSegmented();
    for (let i = 0; i < count; i++) {
      const at = { row: selected[i], user: users[i], bucket: this.#buckets[i] };
      const code = codes[index[i]];
      const segment = segments.byCode[code];
      if (segment !== severalSegments) {
        single.push(at, this.#single.slots.slotOf(segment));
        continue;
      }
      whole.push(at, 0);
      for (const slot of this.#listed.slots.several(segments, code)) listed.push(at, slot);
    }
    this.#single.cells.reserve(this.#single.slots.count);
    this.#listed.cells.reserve(this.#listed.slots.count);
    const { bucketCount } = this.#plan;
    this.#single.cells.add(single.entries(rows, bucketCount));
    this.#whole.add(whole.entries(rows, bucketCount));
    this.#listed.cells.add(listed.entries(rows, bucketCount));
  }

  #addCells(source: EventRows, count: number, set: CellSet): void {
    const cells = this.#cells;
    const { bucketCount } = this.#plan;
    if (bucketCount > 1) cellsInBuckets(cells, count, bucketCount, this.#buckets);
    const { rows, users } = this.#scratch;
    set.add({ source, rows, users, cells, count });
  }

  #newCells(): CellSet {
    const { measures, bucketCount } = this.#plan;
    return new CellSet(measures, this.#source, bucketCount);
  }

  #newSegmented(): Segmented {
    return { slots: new SlotTable(this.#segmentIndex), cells: this.#newCells() };
  }
}

/** Entries one by one: for lists, which are few. */
class EntryList {
  readonly #rows: number[] = [];
  readonly #users: number[] = [];
  readonly #slots: number[] = [];
  readonly #buckets: number[] = [];

  push(at: { row: number; user: number; bucket: number }, slot: number): void {
    this.#rows.push(at.row);
    this.#users.push(at.user);
    this.#slots.push(slot);
    this.#buckets.push(at.bucket);
  }

  entries(source: EventRows, bucketCount: number) {
    return {
      source,
      rows: Uint32Array.from(this.#rows),
      users: Uint32Array.from(this.#users),
      cells: Uint32Array.from(this.#slots, (slot, i) => slot * bucketCount + this.#buckets[i]),
      count: this.#rows.length,
    };
  }
}
