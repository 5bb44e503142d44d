import { dayMs } from '../../format/segment/segment-rows.ts';
import type { EventTable } from '../event-table.ts';
import type { BaseSegment, ProjectBase } from '../project-base.ts';
import { readSegment } from '../read-segment.ts';
import type { UserDictionary } from '../users/user-dictionary.ts';
import type { UserLinks } from '../users/user-links.ts';
import { findUnchanged } from './odd-rows.ts';

export interface CopySearchContext {
  readonly project: number;
  readonly shard: number;
  readonly events: EventTable;
  readonly users: UserDictionary;
  readonly links: UserLinks;
}

/** Enough for what every snapshot of a project can hide; more means a client that lies about its clock. */
const hiddenMax = 1_000_000;

/**
 * Copies of one event that lie at different times, one in memory and one in a segment. That can only be where the edge
 * changed a time, so the search begins with such rows: in segments `ProjectBase.oddRows` knows the recent ones, in
 * memory the table does. Each row of the table is looked at once, when the next snapshot or index job needs it.
 * (Copies at equal times are told apart where the parts of a day are merged; two in memory, by the table.)
 *
 * What is found: rows of segments that have a later copy in memory, in `hidden`; rows in memory that have a later one
 * in a segment are hidden in the table.
 */
export class CopySearch {
  readonly #context: CopySearchContext;
  readonly #base: ProjectBase;
  /** By segment id. */
  readonly #hidden = new Map<string, Set<number>>();
  #hiddenCount = 0;
  #rowsSeen = 0;

  constructor(context: CopySearchContext, base: ProjectBase) {
    this.#context = context;
    this.#base = base;
  }

  /** Rows of segments that have a later copy in memory, by segment id. */
  get hidden(): ReadonlyMap<string, ReadonlySet<number>> {
    return this.#hidden;
  }

  get hiddenCount(): number {
    return this.#hiddenCount;
  }

  /** Looks at the rows that came since. */
  update(): void {
    const { events } = this.#context;
    for (; this.#rowsSeen < events.rowCount; this.#rowsSeen++) {
      if (!events.isHidden(this.#rowsSeen)) this.#look(this.#rowsSeen);
    }
  }

  #look(row: number): void {
    const { events } = this.#context;
    const hash = events.keyHash(row);
    for (const [segment, oddRows] of this.#base.oddRows) {
      const place = oddRows.firstPlace(hash);
      const copy = place < 0 ? undefined : oddRows.find(place, events.key(row));
      if (copy) this.#judge(row, segment, copy);
    }
    const sentTime = events.sentTime(row);
    if (sentTime !== undefined) this.#lookForUnchanged(row, sentTime);
  }

  /**
   * The time that an event of the future was sent with lies behind everything indexed so far, unless the batch was on
   * its way for longer than an index job takes: then nothing is opened here.
   */
  #lookForUnchanged(row: number, sentTime: number): void {
    const day = Math.floor(sentTime / dayMs);
    for (const segment of this.#base.segments) {
      const { meta } = segment.entry;
      const isPossible =
        segment.entry.day === day && sentTime - day * dayMs <= (meta.lastTime ?? dayMs);
      if (isPossible) this.#lookInto(segment, row);
    }
  }

  #lookInto({ entry }: BaseSegment, row: number): void {
    const { project, shard, events, users, links } = this.#context;
    const key = events.key(row);
    if (!entry.meta.events.some(({ name }) => name === key.event)) return;
    const ordinals = links.members(events.users.array[row]);
    const copy = readSegment(entry.path, { project, shard, day: entry.day }, (file) =>
      findUnchanged(file, key, ordinals, (ordinal) => users.id(ordinal)),
    );
    if (copy) this.#judge(row, entry.id, copy);
  }

  /** Of two copies the one with the greater sequence stays; of equal ones that in memory, which came later. */
  #judge(
    row: number,
    segment: string,
    copy: { readonly row: number; readonly sequence: number },
  ): void {
    const { events } = this.#context;
    if (events.sequenceOfBatch(events.batches.array[row]) < copy.sequence) {
      events.hide(row);
      return;
    }
    if (this.#hiddenCount >= hiddenMax) return;
    const rows = this.#hidden.get(segment) ?? new Set();
    if (!rows.has(copy.row)) this.#hiddenCount++;
    this.#hidden.set(segment, rows.add(copy.row));
  }
}
