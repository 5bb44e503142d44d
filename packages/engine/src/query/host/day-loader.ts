import { must } from '../../base/assert.ts';
import type { EventNeeds } from '../scan/event-needs.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import type { ColumnCache, NewPiece, Piece, Room } from './column-cache.ts';
import type { Dictionary, DictionaryShelf } from './dictionary-shelf.ts';
import type { EventGroup, ProjectGroups } from './event-group.ts';
import { type LoadScheduler, type LoadTask, roomFor } from './load-scheduler.ts';
import { activityPieces, packedActivity, packedEvent, pieceNames } from './needed-pieces.ts';
import { packDays, type PackedDays, type PackedEvent } from './packed-days.ts';
import type { NeededActivity, NeededDay, NeededEvent, NeededPart } from './snapshot-days.ts';
import { jsonOf, type SnapshotLease } from './shared-snapshot.ts';
import type {
  DictionarySource,
  Loaded,
  LoadedPiece,
  PartSource,
  PieceName,
  SegmentFileSource,
  SourcesPlace,
  Span,
} from './thread-messages.ts';

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
  readonly #lease: SnapshotLease;
  readonly #job: number;
  readonly #order: boolean;
  readonly #version: number;
  readonly #usersId: number;
  /** Each as often as it was pinned. */
  readonly #pinned: Piece[] = [];
  /** The group of each event: it stays so, even when a newer snapshot gets another. */
  readonly #groups = new Map<NeededEvent | NeededActivity, EventGroup>();
  readonly #names = new Map<EventNeeds, readonly PieceName[]>();
  readonly #namesWithoutRuns = new Map<EventNeeds, readonly PieceName[]>();
  #loads = 0;
  #loadsDone = 0;

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
    this.#lease = query.lease;
    this.#job = query.job;
    this.#order = query.order;
    this.#version = context.groups.versionOf(query.snapshot.redirects);
    this.#usersId = query.lease.users(query.snapshot);
  }

  /** Share of what had to be decoded that is, 0 … 1. */
  get progress(): number {
    return this.#loads === 0 ? 1 : this.#loadsDone / this.#loads;
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

  /** Decodes what is missing and pins everything. `check` throws when the query is over. */
  async bring(days: readonly NeededDay[], check: () => void): Promise<void> {
    for (let left = days; ;) {
      const waits: Promise<void>[] = [];
      const tasks: LoadTask[] = [];
      left = left.filter((day) => this.#collect(day, waits, tasks));
      if (left.length === 0) return;
      this.#context.scheduler.add(this.#job, tasks);
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
      if (this.#isPlain(day, event)) group.rowCount = event.rowsMax;
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

  /** Pins what is there and orders what is not. False = everything is there. */
  #collect(day: NeededDay, waits: Promise<void>[], tasks: LoadTask[]): boolean {
    const before = waits.length;
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
      const { task, done } = this.#task(day, event, group, missing);
      tasks.push(task);
      waits.push(done);
    }
    const { activity } = day;
    if (activity !== null) {
      const group = this.#activityGroup(activity);
      const missing = this.#visit(group, activityPieces(activity), waits);
      if (missing.length > 0) {
        const { task, done } = this.#activityTask(day, activity, group, missing);
        tasks.push(task);
        waits.push(done);
      }
    }
    return waits.length > before;
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
    const hasRuns = event.needs.users || !this.#isPlain(day, event);
    const known = hasRuns ? this.#names : this.#namesWithoutRuns;
    let names = known.get(event.needs);
    if (names === undefined) {
      names = pieceNames(event.needs, hasRuns);
      known.set(event.needs, names);
    }
    return names;
  }

  /** Its rows are those of one part as they lie there, and how many is known from the catalog. */
  #isPlain({ parts }: NeededDay, { present }: NeededEvent): boolean {
    return (
      present.length === 1 &&
      this.#snapshot.redirects.losers.length === 0 &&
      parts[present[0]].part.hiddenRows.length === 0
    );
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

  #task(
    day: NeededDay,
    event: NeededEvent,
    group: EventGroup,
    missing: readonly PieceName[],
  ): { task: LoadTask; done: Promise<void> } {
    const things = [this.#usersId];
    const sources = this.#sources(group, missing);
    const pieces = sources === null ? this.#withSources(event, missing, day) : missing;
    const { done, end } = this.#begin(group, pieces);
    const parts = day.parts.map((part) =>
      this.#partSource(day, part, event.needs.properties, things),
    );
    const task: LoadTask = {
      job: this.#job,
      rowsMax: event.rowsMax,
      usersMax: event.usersMax,
      things,
      order: {
        event: event.name,
        parts,
        present: event.present,
        users: this.#usersId,
        tiesApart: missing.some((name) => name.startsWith('ties apart')),
        sources,
        pieces,
        hope: event.hope,
      },
      onLoaded: (loaded, room) => {
        if (loaded === null) this.#keepBarren(group, event, room);
        else this.#keep(group, loaded, room, (piece) => this.#dictionary(day, event, piece));
        end();
      },
      onDropped: end,
    };
    return { task, done };
  }

  #activityTask(
    day: NeededDay,
    { present, usersMax, hidden }: NeededActivity,
    group: EventGroup,
    pieces: readonly PieceName[],
  ): { task: LoadTask; done: Promise<void> } {
    const things = [this.#usersId];
    const { done, end } = this.#begin(group, pieces);
    const task: LoadTask = {
      job: this.#job,
      // What comes out has an entry a user.
      rowsMax: usersMax,
      usersMax,
      things,
      order: {
        event: null,
        hidden,
        parts: present.map((index) => this.#partSource(day, day.parts[index], [], things)),
        present: present.map((_, place) => place),
        users: this.#usersId,
        tiesApart: false,
        sources: null,
        pieces,
        hope: null,
      },
      onLoaded: (loaded, room) => {
        this.#keep(group, must(loaded, 'the activity of a day'), room, () => null);
        end();
      },
      onDropped: end,
    };
    return { task, done };
  }

  /** Pieces are under way from here on, until `end` is called. */
  #begin(
    group: EventGroup,
    pieces: readonly PieceName[],
  ): { done: Promise<void>; end: () => void } {
    let finish = (): void => undefined;
    const done = new Promise<void>((resolve) => (finish = resolve));
    for (const name of pieces) group.loading.set(name, done);
    this.#loads++;
    const end = (): void => {
      for (const name of pieces) if (group.loading.get(name) === done) group.loading.delete(name);
      this.#loadsDone++;
      finish();
    };
    return { done, end };
  }

  /** Where rows come from stays with what was merged, so that further columns need no second merge. */
  #withSources(event: NeededEvent, missing: readonly PieceName[], day: NeededDay): PieceName[] {
    if (this.#isPlain(day, event)) return [...missing];
    return [...missing, 'source parts', 'source rows'];
  }

  /** Null = it is not known, or of no use: only columns can be gathered by it. */
  #sources(group: EventGroup, missing: readonly PieceName[]): SourcesPlace | null {
    if (group.sources === null) return null;
    if (group.sources === 'part') return { type: 'part', part: group.sourcePart };
    if (!missing.every((name) => name.startsWith('column '))) return null;
    const parts = group.pieces.get('source parts');
    const rows = group.pieces.get('source rows');
    if (!parts?.span || !rows?.span) return null;
    this.#pin(parts);
    this.#pin(rows);
    return { type: 'rows', parts: parts.span, rows: rows.span };
  }

  #partSource(
    day: NeededDay,
    { part }: NeededPart,
    properties: readonly string[],
    things: number[],
  ): PartSource {
    const { hiddenRows } = part;
    if (part.type === 'segment') {
      return { type: 'segment', file: this.#fileOf(part.path, day.day), hiddenRows };
    }
    const id = this.#lease.memoryPart(part, new Set(properties));
    things.push(id);
    return { type: 'memory', id, hiddenRows };
  }

  #fileOf(path: string, day: number): SegmentFileSource {
    const { project, shard } = this.#snapshot;
    return { path, project, shard, day };
  }

  #keepBarren(group: EventGroup, { hope }: NeededEvent, room: Room): void {
    const { key } = must(hope, 'the hope of an event without a row that matters');
    const piece: NewPiece = { group, name: `barren ${key}`, span: null, dictionary: null };
    this.#pinned.push(...this.#context.cache.keep(room, [piece]));
  }

  #keep(
    group: EventGroup,
    loaded: Loaded,
    room: Room,
    dictionaryOf: (piece: LoadedPiece) => Dictionary | null,
  ): void {
    group.rowCount = loaded.rowCount;
    group.sources = loaded.sources.type;
    if (loaded.sources.type === 'part') group.sourcePart = loaded.sources.part;
    if (loaded.touched !== null) group.touched = loaded.touched;
    const made = loaded.pieces.map((piece): NewPiece => ({
      group,
      name: piece.name,
      span: piece.span,
      dictionary: dictionaryOf(piece),
    }));
    // They come pinned, for this query.
    this.#pinned.push(...this.#context.cache.keep(room, made));
  }

  #dictionary(day: NeededDay, event: NeededEvent, piece: LoadedPiece): Dictionary | null {
    const { dictionary, name } = piece;
    if (dictionary === undefined) return null;
    const shelf = this.#context.dictionaries;
    if (dictionary.type === 'own') {
      const { bytes } = dictionary;
      return shelf.use(null, bytes.length, () => ({ type: 'json', bytes }));
    }
    const { part, key } = day.parts[event.present[dictionary.part]];
    const property = name.slice('column '.length);
    return shelf.use(`${key} ${property}`, dictionary.bytes, (): DictionarySource => {
      if (part.type === 'segment') {
        return { type: 'file', file: this.#fileOf(part.path, day.day), property };
      }
      const column = part.rows(new Set([property])).properties.find((one) => one.name === property);
      return { type: 'json', bytes: jsonOf(column?.values ?? []) };
    });
  }
}
