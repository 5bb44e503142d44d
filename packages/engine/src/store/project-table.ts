import { EngineError } from '../base/errors.ts';
import type { ProjectId } from '../base/ids.ts';
import type { BatchColumns } from '../format/decode/batch-columns.ts';
import type { ShardView } from '../query/exec/shard-view.ts';
import type { BatchRegistry } from './batch-registry.ts';
import { EventTable } from './event-table.ts';
import { PeopleTable } from './people/people-table.ts';
import { emptyRowOrder, type RowOrder, updateRowOrder } from './row-order.ts';
import { EventSnapshot, PeopleSnapshot, TableView } from './snapshot.ts';
import { UserDictionary } from './user-dictionary.ts';
import { UserLinks } from './user-links.ts';

/** What a snapshot was made from: equal stamps, equal contents. */
interface Stamp {
  readonly rows: number;
  readonly hidden: number;
  readonly links: number;
  readonly people: number;
  readonly users: number;
}

/** Everything one shard holds of one project, in memory: events, people, merges of users. */
export class ProjectTable {
  readonly project: ProjectId;
  readonly events: EventTable;
  readonly #users = new UserDictionary();
  readonly #links: UserLinks;
  readonly #people: PeopleTable;
  #order: RowOrder = emptyRowOrder;
  #stamp: Stamp | undefined;
  #eventSnapshot: EventSnapshot | undefined;
  #peopleSnapshot: PeopleSnapshot | undefined;
  #view: ShardView | undefined;

  constructor(project: ProjectId, registry: BatchRegistry) {
    this.project = project;
    this.#links = new UserLinks({
      idOf: (ordinal) => this.#users.ids[ordinal],
      compareBatches: (batch, other) => registry.compare(batch, other),
    });
    this.events = new EventTable(registry, this.#users);
    this.#people = new PeopleTable(registry, this.#links);
  }

  /** Takes in a batch that was checked when it was read, under its new number. */
  apply(columns: BatchColumns, batch: number): void {
    if (columns.header.project !== this.project) {
      throw new EngineError(
        'WRONG_PROJECT',
        `batch ${columns.header.batchId} of project ${columns.header.project} was given to project ${this.project}`,
      );
    }
    for (const { loser, winner } of columns.links) {
      const link = {
        loser: this.#users.ordinal(loser),
        winner: this.#users.ordinal(winner),
        batch,
      };
      if (this.#links.add(link)) this.#people.linked(link.winner);
    }
    this.events.append(columns, batch);
    for (const update of columns.persons) {
      this.#people.append(this.#users.ordinal(update.user), batch, update);
    }
  }

  /** A consistent snapshot; the same one until something changes. */
  view(): ShardView {
    this.#refresh();
    return (this.#view ??= this.#newView());
  }

  /** Profiles by ordinal, as of `view()`. */
  people(): PeopleSnapshot {
    this.#refresh();
    return (this.#peopleSnapshot ??= new PeopleSnapshot(
      this.#people.profiles(),
      this.#users.count,
    ));
  }

  /** Users with a visible event or a profile. */
  userCount(): number {
    const known = new Set<number>(this.people().profiles.keys());
    const { array, length } = this.events.userCounts;
    for (let ordinal = 1; ordinal < length; ordinal++) {
      if (array[ordinal] > 0) known.add(this.#links.representative(ordinal));
    }
    return known.size;
  }

  #newView(): ShardView {
    this.#eventSnapshot ??= this.#newEventSnapshot();
    return new TableView(this.#eventSnapshot, this.people(), this.#userIds());
  }

  /** Drops what no longer holds. People and events change apart, so the columns of the other side stay. */
  #refresh(): void {
    const before = this.#stamp;
    const now: Stamp = {
      rows: this.events.rowCount,
      hidden: this.events.hiddenCount,
      links: this.#links.version,
      people: this.#people.version,
      users: this.#users.count,
    };
    const isLinked = now.links !== before?.links;
    const hasEvents = now.rows !== before?.rows || now.hidden !== before.hidden || isLinked;
    const hasPeople = now.people !== before?.people || now.users !== before.users || isLinked;
    if (hasEvents) this.#eventSnapshot = undefined;
    if (hasPeople) this.#peopleSnapshot = undefined;
    if (hasEvents || hasPeople) this.#view = undefined;
    this.#stamp = now;
  }

  #newEventSnapshot(): EventSnapshot {
    const userOf = new Uint32Array(this.#users.count + 1);
    for (let ordinal = 0; ordinal < userOf.length; ordinal++) userOf[ordinal] = ordinal;
    for (const [ordinal, representative] of this.#links.entries()) {
      userOf[ordinal] = representative;
    }
    this.#order = updateRowOrder(this.events, this.#order, userOf);
    return new EventSnapshot(this.events, this.#order);
  }

  /** By ordinal; "" for users that were merged into another one. */
  #userIds(): readonly string[] {
    const ids = this.#users.ids.slice();
    for (const [ordinal, representative] of this.#links.entries()) {
      if (ordinal !== representative) ids[ordinal] = '';
    }
    return ids;
  }
}
