import type { UserRedirects } from '../scan/project-snapshot.ts';
import type { ColumnCache, Piece } from './column-cache.ts';
import { holdsAny, RedirectHistory } from './redirect-history.ts';
import type { PieceName, SourcesPlace } from './thread-messages.ts';

const noUsers = new Uint32Array(0);

/** What is decoded of one event of one day, or of its activity, out of given parts. */
export class EventGroup {
  readonly event: string;
  readonly pieces = new Map<PieceName, Piece>();
  /** Pieces that some query has under way. */
  readonly loading = new Map<PieceName, Promise<void>>();
  readonly onEmpty: () => void;
  /** Known once anything was decoded; −1 before. */
  rowCount = -1;
  /** Where the rows come from, by which further columns are gathered; null = not known. */
  sources: SourcesPlace['type'] | null = null;
  /** The part, where all rows come from one. */
  sourcePart = 0;
  /** Users who were merged away and had rows in the parts. */
  touched: Uint32Array = noUsers;
  /** Of the redirects that the rows are right for. */
  version: number;
  isStale = false;

  constructor(event: string, version: number, onEmpty: () => void) {
    this.event = event;
    this.version = version;
    this.onEmpty = onEmpty;
  }
}

/** The groups of one project in one shard, by parts and event. */
export class ProjectGroups {
  readonly #cache: ColumnCache;
  /** By parts, then by event. */
  readonly #groups = new Map<string, Map<string, EventGroup>>();
  readonly #history = new RedirectHistory();
  readonly #usersOf: (piece: Piece) => Uint32Array;

  /** `usersOf` gives the users of a piece of `runs` or of `active users`. */
  constructor(cache: ColumnCache, usersOf: (piece: Piece) => Uint32Array) {
    this.#cache = cache;
    this.#usersOf = usersOf;
  }

  versionOf(redirects: UserRedirects): number {
    return this.#history.versionOf(redirects);
  }

  /** Lists of the users that were merged otherwise in one of the versions than in the other; null = nobody knows. */
  changedBetween(version: number, other: number): readonly Uint32Array[] | null {
    return this.#history.changedBetween(version, other);
  }

  /** The group for the redirects of this version: a known one where no change since touches its users. */
  group(parts: string, event: string, version: number): EventGroup {
    let groups = this.#groups.get(parts);
    if (groups === undefined) this.#groups.set(parts, (groups = new Map()));
    const known = groups.get(event);
    if (known !== undefined) {
      if (this.#isRightFor(known, version)) return known;
      this.#cache.abandon(known);
    }
    const group = new EventGroup(event, version, () => this.#forget(parts, group));
    groups.set(event, group);
    return group;
  }

  /** None of the groups will be asked for again. */
  abandonAll(): void {
    for (const groups of this.#groups.values()) {
      for (const group of groups.values()) this.#cache.abandon(group);
    }
  }

  #forget(parts: string, group: EventGroup): void {
    const groups = this.#groups.get(parts);
    if (groups?.get(group.event) !== group || group.loading.size > 0) return;
    groups.delete(group.event);
    if (groups.size === 0) this.#groups.delete(parts);
  }

  #isRightFor(group: EventGroup, version: number): boolean {
    if (group.version === version) return true;
    const changes = this.#history.changedBetween(group.version, version);
    const runs = group.pieces.get('runs') ?? group.pieces.get('active users');
    if (changes === null || runs === undefined || group.loading.size > 0) return false;
    const list = this.#usersOf(runs);
    const isTouched = changes.some(
      (changed) => holdsAny(list, changed) || holdsAny(group.touched, changed),
    );
    if (isTouched) return false;
    group.version = version;
    return true;
  }
}
