import type { EventNeeds } from '../scan/event-needs.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import type { ColumnCache, Piece } from './column-cache.ts';
import type { DictionaryShelf } from './dictionary-shelf.ts';
import type { EventGroup, ProjectGroups } from './event-group.ts';
import { type LoadScheduler, type LoadTask, roomFor } from './load-scheduler.ts';
import { isPlain, LoadTasks } from './load-tasks.ts';
import { activityPieces, packedActivity, packedEvent, pieceNames } from './needed-pieces.ts';
import { packDays, type PackedDays, type PackedEvent } from './packed-days.ts';
import type { SnapshotLease } from './shared-snapshot.ts';
import type { NeededActivity, NeededDay, NeededEvent } from './snapshot-days.ts';
import type { PieceName, Span } from './thread-messages.ts';

export interface LoaderContext {
  readonly cache: ColumnCache;
  readonly dictionaries: DictionaryShelf;
  readonly scheduler: LoadScheduler;
  readonly groups: ProjectGroups;
}

/** Days that threads can find. */
export interface Published {
  readonly days: PackedDays;
  /** What threads must know of: slabs and dictionaries. */
  readonly things: ReadonlySet<number>;
  readonly rowCount: number;
}

/** Brings the columns of one query into memory and keeps them there until they are let go. */
export class DayLoader {
  readonly #context: LoaderContext;
  readonly #snapshot: ProjectSnapshot;
  readonly #job: number;
  readonly #order: boolean;
  readonly #version: number;
  /** Each as often as it was pinned. */
  readonly #pinned: Piece[] = [];
  /** The group of each event: it stays so, even when a newer snapshot gets another. */
  readonly #groups = new Map<NeededEvent | NeededActivity, EventGroup>();
  readonly #names = new Map<EventNeeds, readonly PieceName[]>();
  readonly #namesWithoutRuns = new Map<EventNeeds, readonly PieceName[]>();
  readonly #tasks: LoadTasks;
  #waits = 0;

  /** `order`: which of two rows of an instant came first matters. */
  constructor(
    context: LoaderContext,
    query: {
      readonly snapshot: ProjectSnapshot;
      readonly lease: SnapshotLease;
      readonly job: number;
      readonly order: boolean;
    },
  ) {
    this.#context = context;
    this.#snapshot = query.snapshot;
    this.#job = query.job;
    this.#order = query.order;
    this.#version = context.groups.versionOf(query.snapshot.redirects);
    this.#tasks = new LoadTasks(context, query, (pieces) => this.#pinned.push(...pieces));
  }

  /** Share of what had to be decoded that is, 0 … 1. */
  get progress(): number {
    return this.#tasks.progress;
  }

  /** How often `bring` had to wait: others may have replaced pieces meanwhile. */
  get waits(): number {
    return this.#waits;
  }

  /** Leaves out the events of which is known, from a query before, that no row matters. `rowCount`: rows of those. */
  withoutBarren(days: readonly NeededDay[]): {
    readonly days: readonly NeededDay[];
    readonly rowCount: number;
  } {
    let rowCount = 0;
    const mayMatter = (day: NeededDay, event: NeededEvent): boolean => {
      if (this.#barrenness(day, event) === null) return true;
      rowCount += event.rowsMax;
      return false;
    };
    const left = days.map((day) => {
      if (day.events.every(({ hope }) => hope === null)) return day;
      return { ...day, events: day.events.filter((event) => mayMatter(day, event)) };
    });
    return { days: left, rowCount };
  }

  /** Bytes that the day's columns take up at most. */
  bytesOf(day: NeededDay): number {
    let bytes = 0;
    for (const event of day.events) {
      const { pieces } = this.#group(day, event);
      for (const name of this.#pieceNames(day, event)) {
        const span = pieces.get(name)?.span;
        if (span === undefined) bytes += roomFor([name], event.rowsMax, event.usersMax);
        else if (span !== null) bytes += span.length * span.width;
      }
      if (this.#wantsTies(event)) bytes += roomFor(['ties'], event.rowsMax, event.usersMax);
    }
    const { activity } = day;
    if (activity !== null) {
      const names = activityPieces(activity);
      bytes += roomFor(names, activity.usersMax, activity.usersMax);
    }
    return bytes;
  }

  /**
   * Decodes what is missing and pins everything. `check` throws when the query is over. Whatever waited looks at all
   * days anew: meanwhile other queries may have had pieces replaced, or found that no row of an event matters, on which
   * the ranks of ties of the others depend.
   */
  async bring(days: readonly NeededDay[], check: () => void): Promise<void> {
    for (;;) {
      const waits: Promise<void>[] = [];
      const tasks: LoadTask[] = [];
      for (const day of days) this.#collect(day, waits, tasks);
      if (waits.length === 0) return;
      this.#context.scheduler.add(this.#job, tasks);
      this.#waits++;
      await Promise.all(waits);
      check();
    }
  }

  /**
   * Days that were brought, with places in shared memory, and the dictionaries they name. To be called in the
   * turn of the event loop in which `bring` ended: a load for another query may replace pieces later.
   */
  publish(days: readonly NeededDay[], eventIndex: ReadonlyMap<string, number>): Published {
    let rowCount = 0;
    const packed = days.map((day) => {
      const events: PackedEvent[] = [];
      for (const event of day.events) {
        const group = this.#group(day, event);
        if (this.#barrenness(day, event) !== null) {
          rowCount += event.rowsMax;
          continue;
        }
        rowCount += group.rowCount;
        if (group.rowCount === 0) continue;
        const ties = this.#tiesName(day, event);
        events.push(packedEvent(event, group, ties, eventIndex.get(event.name) ?? 0));
      }
      events.sort((left, right) => left.event - right.event);
      const { activity } = day;
      rowCount += activity?.rowsMax ?? 0;
      return {
        startMs: day.startMs,
        events,
        activity: activity && packedActivity(this.#activityGroup(activity)),
      };
    });
    const things = new Set(this.#context.cache.slabIds);
    for (const { dictionary, span } of this.#pinned) {
      if (dictionary !== null) things.add(dictionary.id);
      if (span !== null) things.add(span.slab);
    }
    return { days: packDays(packed), things, rowCount };
  }

  /** Where a list of the activity of a day lies that was brought; null = nobody was active. */
  activityPiece(
    activity: NeededActivity,
    name: 'active users' | 'active firsts' | 'active lasts' | 'active counts',
  ): Span | null {
    return this.#activityGroup(activity).pieces.get(name)?.span ?? null;
  }

  /** Lets go of everything: no thread may read it any more. */
  release(): void {
    const { cache } = this.#context;
    for (const piece of this.#pinned) cache.unpin(piece);
    this.#pinned.length = 0;
    this.#groups.clear();
    cache.trim();
  }

  #group(day: NeededDay, event: NeededEvent): EventGroup {
    let group = this.#groups.get(event);
    if (group === undefined) {
      group = this.#context.groups.group(event.key, event.name, this.#version);
      if (isPlain(this.#snapshot, day, event)) group.rowCount = event.rowsMax;
      this.#groups.set(event, group);
    }
    return group;
  }

  /** The piece that says that no row of the event matters to the query; null = that is not known. */
  #barrenness(day: NeededDay, event: NeededEvent): Piece | null {
    const { hope } = event;
    if (hope === null) return null;
    const { pieces } = this.#group(day, event);
    const known = pieces.get(`barren ${hope.key}`);
    if (known !== undefined) return known;
    for (const name of hope.required) {
      const piece = pieces.get(`column ${name}`);
      if (piece?.span === null) return piece;
    }
    return null;
  }

  #activityGroup(activity: NeededActivity): EventGroup {
    let group = this.#groups.get(activity);
    if (group === undefined) {
      // A key of its own: an event may have any name.
      const without = activity.hidden.length === 0 ? '' : JSON.stringify(activity.hidden);
      group = this.#context.groups.group(`activity${without} ${activity.key}`, '', this.#version);
      this.#groups.set(activity, group);
    }
    return group;
  }

  /** Pins what is there and orders what is not. No wait more than before = everything is there. */
  #collect(day: NeededDay, waits: Promise<void>[], tasks: LoadTask[]): void {
    for (const event of day.events) {
      const group = this.#group(day, event);
      const barrenness = this.#barrenness(day, event);
      if (barrenness !== null) {
        this.#pin(barrenness);
        continue;
      }
      const missing = this.#visit(group, this.#pieceNames(day, event), waits);
      const ties = this.#tiesName(day, event);
      if (ties !== null) missing.push(...this.#visit(group, [ties], waits));
      if (missing.length === 0) continue;
      const { task, done } = this.#tasks.ofEvent(day, event, group, missing);
      tasks.push(task);
      waits.push(done);
    }
    const { activity } = day;
    if (activity !== null) {
      const group = this.#activityGroup(activity);
      const missing = this.#visit(group, activityPieces(activity), waits);
      if (missing.length > 0) {
        const { task, done } = this.#tasks.ofActivity(day, activity, group, missing);
        tasks.push(task);
        waits.push(done);
      }
    }
  }

  /** Pins the pieces that are there, waits for those under way, and returns the others. */
  #visit(group: EventGroup, names: readonly PieceName[], waits: Promise<void>[]): PieceName[] {
    const missing: PieceName[] = [];
    for (const name of names) {
      const piece = group.pieces.get(name);
      const underWay = group.loading.get(name);
      if (piece !== undefined) this.#pin(piece);
      else if (underWay !== undefined) waits.push(underWay);
      else missing.push(name);
    }
    return missing;
  }

  #pin(piece: Piece): void {
    this.#pinned.push(piece);
    this.#context.cache.pin(piece);
  }

  /** All but the ties. */
  #pieceNames(day: NeededDay, event: NeededEvent): readonly PieceName[] {
    const hasRuns = event.needs.users || !isPlain(this.#snapshot, day, event);
    const known = hasRuns ? this.#names : this.#namesWithoutRuns;
    let names = known.get(event.needs);
    if (names === undefined) {
      names = pieceNames(event.needs, hasRuns);
      known.set(event.needs, names);
    }
    return names;
  }

  #wantsTies({ needs }: NeededEvent): boolean {
    return needs.times && this.#order;
  }

  /**
   * Ranks depend on which parts the day has, and on whether users were merged among the rows that the
   * query reads. Null = that is not known yet: everything else must be decoded first.
   */
  #tiesName(day: NeededDay, event: NeededEvent): PieceName | null {
    if (!this.#wantsTies(event)) return null;
    const hasRedirects = this.#snapshot.redirects.losers.length > 0;
    let isApart = false;
    for (const other of hasRedirects ? day.events : []) {
      if (this.#barrenness(day, other) !== null) continue;
      const { rowCount, touched } = this.#group(day, other);
      if (rowCount < 0) return null;
      isApart ||= touched.length > 0;
    }
    if (day.parts.length === 1 && !isApart) return 'ties';
    return `ties${isApart ? ' apart' : ''} ${day.parts.map(({ key }) => key).join('+')}`;
  }
}
