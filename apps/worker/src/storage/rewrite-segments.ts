import type { StoredCatalogFile } from '@arbor/db/catalog';
import type { DayRewrite, SegmentToRewrite } from '@arbor/engine/rewrite/rewrite-day';
import type { RowChange } from '@arbor/engine/rewrite/row-change';
import { writeSegment } from './file-writer.ts';
import type { ShardUnit, StorageContext } from './storage-context.ts';
import { byDay, segmentsOf, type StoredSegment } from './task-files.ts';

export interface SegmentsRewrite {
  readonly add: readonly StoredCatalogFile[];
  readonly remove: readonly string[];
  /** Events that left, or went to another user. */
  readonly events: number;
  /** Users of the change who have rows afterwards, ascending. */
  readonly withRows: Uint32Array;
}

/**
 * Writes the segments of a project anew that hold rows which a change concerns, day by day; `gone`: segments that leave
 * the set whatever they hold.
 *
 * **Invariant:** no row that a later copy hides comes back. Where a segment leaves that hid rows of another, and nothing
 * takes its place that says so, the other is written anew without those rows.
 */
export async function rewriteSegments(
  context: StorageContext,
  unit: ShardUnit,
  {
    project,
    change,
    gone = [],
  }: {
    readonly project: number;
    readonly change: RowChange;
    readonly gone?: readonly StoredSegment[];
  },
  signal: AbortSignal,
): Promise<SegmentsRewrite> {
  const isGone = new Set(gone.map(({ file }) => file.key));
  const segments = segmentsOf(unit, project).filter(({ file }) => !isGone.has(file.key));
  const rewrite = new Rewrite(context, unit, { project, change });
  rewrite.leave(gone);
  if (change.users.length > 0) {
    for (const ofDay of byDay(segments)) {
      signal.throwIfAborted();
      await rewrite.day(ofDay, false);
    }
  }
  for (let hidden = rewrite.uncovered(segments); hidden.length > 0;) {
    signal.throwIfAborted();
    for (const segment of hidden) await rewrite.day([segment], true);
    hidden = rewrite.uncovered(segments);
  }
  return rewrite.result();
}

class Rewrite {
  readonly #context: StorageContext;
  readonly #unit: ShardUnit;
  readonly #project: number;
  readonly #change: RowChange;
  readonly #add: StoredCatalogFile[] = [];
  readonly #removed = new Set<string>();
  /** Segments with rows that something hid of which nothing is left. */
  readonly #uncovered = new Set<string>();
  readonly #withRows = new Set<number>();
  #events = 0;

  constructor(
    context: StorageContext,
    unit: ShardUnit,
    { project, change }: { project: number; change: RowChange },
  ) {
    this.#context = context;
    this.#unit = unit;
    this.#project = project;
    this.#change = change;
  }

  leave(segments: readonly StoredSegment[]): void {
    for (const { file } of segments) this.#gone(file, this.#read(file, false));
  }

  /** Segments of one day. */
  async day(segments: readonly StoredSegment[], mustChange: boolean): Promise<void> {
    const [first] = segments;
    if (first === undefined) return;
    const { store, follower } = this.#unit;
    const owner = { project: this.#project, shard: follower.shard, day: first.day };
    const read = segments.map(({ file }) => this.#read(file, mustChange));
    const made = await this.#context.rewriter.run({
      type: 'rewrite day',
      owner,
      segments: read,
      change: this.#change,
      users: store.catalogUsers(this.#project),
    });
    this.#events += made.events;
    for (const user of made.withRows) this.#withRows.add(user);
    for (const [i, { file }] of segments.entries())
      await this.#take(file, read[i], made.segments[i]);
  }

  /** Those of the segments that show rows again unless they are written anew. */
  uncovered(segments: readonly StoredSegment[]): StoredSegment[] {
    return segments.filter(
      ({ file }) => this.#uncovered.has(file.key) && !this.#removed.has(file.key),
    );
  }

  result(): SegmentsRewrite {
    return {
      add: this.#add,
      remove: [...this.#removed],
      events: this.#events,
      withRows: Uint32Array.from(this.#withRows).sort(),
    };
  }

  #read({ key }: StoredCatalogFile, mustChange: boolean): SegmentToRewrite {
    const { store, follower } = this.#unit;
    const { hiddenRows, hides } = store.mergedWith(this.#project, [key]);
    const [rows = new Uint32Array(0)] = hiddenRows;
    return { path: follower.pathOf(key), hiddenRows: rows, hides, mustChange };
  }

  async #take(
    file: StoredCatalogFile,
    read: SegmentToRewrite | undefined,
    made: DayRewrite['segments'][number] | undefined,
  ): Promise<void> {
    if (made === null || made === undefined || read === undefined || file.day === null) return;
    if (made === 'empty') {
      this.#gone(file, read);
      return;
    }
    const { project, day, generation } = file;
    const { shard } = this.#unit.follower;
    this.#removed.add(file.key);
    const { objects } = this.#context;
    this.#add.push(await writeSegment(objects, { shard, project, day, generation }, made));
  }

  #gone({ key }: StoredCatalogFile, { hides }: SegmentToRewrite): void {
    this.#removed.add(key);
    for (const { segment } of hides) this.#uncovered.add(segment);
  }
}
