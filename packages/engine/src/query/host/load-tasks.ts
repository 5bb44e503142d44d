import { must } from '../../base/assert.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import type { ColumnCache, NewPiece, Piece, Room } from './column-cache.ts';
import type { Dictionary, DictionaryShelf } from './dictionary-shelf.ts';
import type { EventGroup } from './event-group.ts';
import type { LoadTask } from './load-scheduler.ts';
import { jsonOf, type SnapshotLease } from './shared-snapshot.ts';
import type { NeededActivity, NeededDay, NeededEvent, NeededPart } from './snapshot-days.ts';
import type {
  DictionarySource,
  Loaded,
  LoadedPiece,
  PartSource,
  PieceName,
  SegmentFileSource,
  SourcesPlace,
} from './thread-messages.ts';

/** The rows of the event are those of one part as they lie there, and how many is known from the catalog. */
export function isPlain(
  { redirects }: ProjectSnapshot,
  { parts }: NeededDay,
  { present }: NeededEvent,
): boolean {
  return (
    present.length === 1 &&
    redirects.losers.length === 0 &&
    parts[present[0]].part.hiddenRows.length === 0
  );
}

/** A task, and when it is done or dropped. */
export interface LoadUnderWay {
  readonly task: LoadTask;
  readonly done: Promise<void>;
}

/** What one query has threads decode, told in the words of the orders, and what becomes of it. */
export class LoadTasks {
  readonly #cache: ColumnCache;
  readonly #dictionaries: DictionaryShelf;
  readonly #snapshot: ProjectSnapshot;
  readonly #lease: SnapshotLease;
  readonly #job: number;
  readonly #usersId: number;
  readonly #onPinned: (pieces: readonly Piece[]) => void;
  #loads = 0;
  #loadsDone = 0;

  /** `onPinned` hears of pieces that were pinned, once each, for the query. */
  constructor(
    {
      cache,
      dictionaries,
    }: { readonly cache: ColumnCache; readonly dictionaries: DictionaryShelf },
    query: {
      readonly snapshot: ProjectSnapshot;
      readonly lease: SnapshotLease;
      readonly job: number;
    },
    onPinned: (pieces: readonly Piece[]) => void,
  ) {
    this.#cache = cache;
    this.#dictionaries = dictionaries;
    this.#snapshot = query.snapshot;
    this.#lease = query.lease;
    this.#job = query.job;
    this.#usersId = query.lease.users(query.snapshot);
    this.#onPinned = onPinned;
  }

  /** Share of what had to be decoded that is, 0 … 1. */
  get progress(): number {
    return this.#loads === 0 ? 1 : this.#loadsDone / this.#loads;
  }

  /** Of what is missing of an event. */
  ofEvent(
    day: NeededDay,
    event: NeededEvent,
    group: EventGroup,
    missing: readonly PieceName[],
  ): LoadUnderWay {
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

  ofActivity(
    day: NeededDay,
    { present, usersMax, hidden }: NeededActivity,
    group: EventGroup,
    pieces: readonly PieceName[],
  ): LoadUnderWay {
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
    if (isPlain(this.#snapshot, day, event)) return [...missing];
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
    for (const piece of [parts, rows]) {
      this.#cache.pin(piece);
      this.#onPinned([piece]);
    }
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
    this.#onPinned(this.#cache.keep(room, [piece]));
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
    this.#onPinned(this.#cache.keep(room, made));
  }

  #dictionary(day: NeededDay, event: NeededEvent, piece: LoadedPiece): Dictionary | null {
    const { dictionary, name } = piece;
    if (dictionary === undefined) return null;
    const shelf = this.#dictionaries;
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
