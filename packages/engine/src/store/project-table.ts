import { EngineError } from '../base/errors.ts';
import type { ProjectId } from '../base/ids.ts';
import type { BatchColumns } from '../format/decode/batch-columns.ts';
import {
  knownUserProperty,
  profileProperty,
  type PropertyColumn,
} from '../query/exec/shard-view.ts';
import type { ProjectSnapshot } from '../query/scan/project-snapshot.ts';
import type { BatchRegistry } from './batch-registry.ts';
import type { CoveredBatches } from './covered-batches.ts';
import { CopySearch } from './copies/copy-search.ts';
import { EventTable } from './event-table.ts';
import { knownUsersColumn, profilesColumn, type UsersMoment } from './known-users.ts';
import { makeSnapshot } from './make-snapshot.ts';
import { MemoryDays } from './memory-days.ts';
import type { PeopleMoment } from './people/people-columns.ts';
import { PeopleTable } from './people/people-table.ts';
import type { ProjectBase } from './project-base.ts';
import { LeftOutSnapshots } from './users/left-out.ts';
import { UserDictionary } from './users/user-dictionary.ts';
import { UserLinks } from './users/user-links.ts';

/** What a table stands in. */
export interface TableContext {
  readonly shard: number;
  readonly registry: BatchRegistry;
  readonly covered: CoveredBatches;
  /** See `MemoryDays`. */
  readonly chunkRows: number;
}

/** What a snapshot was made from: equal stamps, equal contents. */
interface Stamp {
  readonly rows: number;
  readonly hidden: number;
  readonly links: number;
  readonly people: number;
  readonly users: number;
}

/** Everything one shard holds of one project: what the catalog says, and in memory what came since. */
export class ProjectTable {
  readonly project: ProjectId;
  readonly events: EventTable;
  readonly users: UserDictionary;
  readonly links: UserLinks;
  readonly people: PeopleTable;
  readonly #days: MemoryDays;
  readonly #shard: number;
  #base: ProjectBase;
  #copies: CopySearch;
  #batchCount = 0;
  readonly #leftOut = new LeftOutSnapshots();
  #snapshot: { readonly stamp: Stamp; readonly value: ProjectSnapshot } | undefined;

  constructor(project: ProjectId, base: ProjectBase, context: TableContext) {
    const { registry, covered } = context;
    this.project = project;
    this.#base = base;
    this.users = new UserDictionary(base.users);
    this.links = new UserLinks({
      base: base.links,
      idOf: (ordinal) => this.users.id(ordinal),
      compareBatches: (batch, other) => registry.compare(batch, other),
    });
    this.events = new EventTable(registry, this.users);
    this.people = new PeopleTable({
      registry,
      links: this.links,
      base: base.people,
      isCovered: (distinctId, insertId) => covered.hasUpdate(project, distinctId, insertId),
    });
    this.#days = new MemoryDays(this.events, `${context.shard}:${project}`, context.chunkRows);
    this.#shard = context.shard;
    this.#copies = this.#newCopySearch();
  }

  get base(): ProjectBase {
    return this.#base;
  }

  /** Nothing came since the catalog's version. */
  get isEmpty(): boolean {
    return this.#batchCount === 0;
  }

  /** Whether the table would be the same over the other base but for the segments. */
  fits(base: ProjectBase): boolean {
    const { users, userCount, links, people } = this.#base;
    return (
      users === base.users &&
      userCount === base.userCount &&
      links === base.links &&
      people === base.people
    );
  }

  /** Goes on over a base that it `fits`. */
  rebase(base: ProjectBase): void {
    this.#base = base;
    this.#snapshot = undefined;
    this.#copies = this.#newCopySearch();
  }

  /** Rows of segments that have a later copy in memory; rows of memory that have one in a segment are hidden now. */
  copies(): CopySearch['hidden'] {
    this.#copies.update();
    return this.#copies.hidden;
  }

  /** Takes in a batch that was checked when it was read, under its new number. */
  apply(columns: BatchColumns, batch: number): void {
    if (columns.header.project !== this.project) {
      throw new EngineError(
        'WRONG_PROJECT',
        `batch ${columns.header.batchId} of project ${columns.header.project} was given to project ${this.project}`,
      );
    }
    this.#batchCount++;
    for (const [place, { loser, winner }] of columns.links.entries()) {
      const link = {
        loser: this.users.ordinal(loser),
        winner: this.users.ordinal(winner),
        batch,
        place,
      };
      if (this.links.add(link)) this.people.linked(link.winner);
    }
    this.events.append(columns, batch);
    for (const update of columns.persons) {
      this.people.append(this.users.ordinal(update.user), batch, update);
    }
  }

  /** The people as they are now. */
  peopleMoment(): PeopleMoment {
    return this.people.moment(this.users.count);
  }

  /** Who is a user now. */
  usersMoment(): UsersMoment {
    const { events, links } = this;
    const { rowCount } = events;
    const people = this.peopleMoment();
    return { base: this.#base, events, rowCount, people, redirects: links.redirects() };
  }

  /** A consistent snapshot without these users and whoever counts as one of them; unknown ids name nobody. */
  snapshot(leftOut: readonly string[] = []): ProjectSnapshot {
    const whole = this.#whole();
    if (leftOut.length === 0) return whole;
    return this.#leftOut.without(whole, this.membersOf(leftOut));
  }

  /** Ordinals of everybody who counts as one of these users, ascending. */
  membersOf(ids: readonly string[]): Uint32Array {
    const members = new Set<number>();
    for (const id of ids) {
      const ordinal = this.users.find(id);
      if (ordinal === 0) continue;
      for (const member of this.links.members(ordinal)) members.add(member);
    }
    return Uint32Array.from(members).sort();
  }

  /** A consistent snapshot; the same one until something changes. */
  #whole(): ProjectSnapshot {
    const hidden = this.copies();
    const stamp: Stamp = {
      rows: this.events.rowCount,
      hidden: this.events.hiddenCount,
      links: this.links.version,
      people: this.people.version,
      users: this.users.count,
    };
    if (this.#snapshot && isSame(this.#snapshot.stamp, stamp)) return this.#snapshot.value;
    const users = this.usersMoment();
    let known: { readonly column: PropertyColumn | undefined } | undefined;
    let profiles: { readonly column: PropertyColumn | undefined } | undefined;
    const value = makeSnapshot({
      project: this.project,
      shard: this.#shard,
      hidden,
      users: this.users.userIds,
      redirects: users.redirects,
      segments: this.#base.segments,
      memory: this.#days.parts(),
      personProperty: (name) => {
        if (name === knownUserProperty)
          return (known ??= { column: knownUsersColumn(users) }).column;
        if (name === profileProperty)
          return (profiles ??= { column: profilesColumn(users) }).column;
        return this.people.column(name, users.people);
      },
      personSteps: (names) => this.#base.people.prepare(names),
    });
    this.#snapshot = { stamp, value };
    return value;
  }

  #newCopySearch(): CopySearch {
    const { project, events, users, links } = this;
    return new CopySearch({ project, shard: this.#shard, events, users, links }, this.#base);
  }
}

function isSame(stamp: Stamp, other: Stamp): boolean {
  return (
    stamp.rows === other.rows &&
    stamp.hidden === other.hidden &&
    stamp.links === other.links &&
    stamp.people === other.people &&
    stamp.users === other.users
  );
}
