import { dayMs } from '../../format/segment/segment-rows.ts';
import { devicePrefix } from '../../identity/identifier.ts';
import type { EventTable } from '../event-table.ts';
import type { BaseSegment, ProjectBase } from '../project-base.ts';
import { readSegment } from '../read-segment.ts';
import type { UserDictionary } from '../users/user-dictionary.ts';
import type { UserLinks } from '../users/user-links.ts';
import { namedUsersOf } from './named-users.ts';
import { digestOf, type FoundCopy } from './odd-rows.ts';
import { findUnchanged, type WantedKey } from './unchanged-rows.ts';

export interface CopySearchContext {
  readonly project: number;
  readonly shard: number;
  readonly events: EventTable;
  readonly users: UserDictionary;
  readonly links: UserLinks;
}

/** A row of the table that may have a copy where merging a day would not find it. */
interface WantedRow extends WantedKey {
  readonly tableRow: number;
}

/**
 * Copies of one event that lie at different times, one in memory and one in a segment, however long ago. That can only be
 * where the edge changed a time, so the search begins with such rows: `ProjectBase.odd` knows those of segments, the
 * table its own. Likewise copies of different users: an alias of the mode `legacy` belongs to another from some moment
 * on, so the identifier that decided whose the second copy is (`ownIdentifierOf`) is still somebody else here.
 * Each row of the table is looked at once, when the next snapshot or index job needs it.
 * (Other copies are told apart where the parts of a day are merged; two in memory, by the table; two in segments, by
 * `copiesOfUnsearched`.)
 *
 * What is found: rows of segments that have a later copy in memory, in `hidden`; rows in memory that have a later one
 * in a segment are hidden in the table.
 */
export class CopySearch {
  readonly #context: CopySearchContext;
  readonly #base: ProjectBase;
  /** By segment id. */
  readonly #hidden = new Map<string, Set<number>>();
  #rowsSeen = 0;

  constructor(context: CopySearchContext, base: ProjectBase) {
    this.#context = context;
    this.#base = base;
  }

  /** Rows of segments that have a later copy in memory, by segment id. */
  get hidden(): ReadonlyMap<string, ReadonlySet<number>> {
    return this.#hidden;
  }

  /** Looks at the rows that came since. */
  update(): void {
    const { events } = this.#context;
    if (this.#rowsSeen === events.rowCount) return;
    const namedUser = namedUsersOf(events, this.#context.users);
    const wanted = new Map<BaseSegment, WantedRow[]>();
    for (; this.#rowsSeen < events.rowCount; this.#rowsSeen++) {
      const row = this.#rowsSeen;
      if (!events.isHidden(row)) this.#look(row, namedUser(row), wanted);
    }
    for (const [segment, rows] of wanted) this.#lookInto(segment, rows);
  }

  /** `named`: ordinal of the user that the row's `$user_id` names, or 0. */
  #look(row: number, named: number, wanted: Map<BaseSegment, WantedRow[]>): void {
    const { events } = this.#context;
    const changedFrom = events.sentTime(row);
    const sentTime = changedFrom ?? events.times.array[row];
    const { odd } = this.#base;
    for (const segment of odd.sentBetween(sentTime, sentTime)) {
      const rows = odd.rows(segment);
      if (!rows.mayHave(events.keyHash(row))) continue;
      const copy = rows.find(digestOf(events.key(row)));
      if (copy) this.#judge(row, segment, copy);
    }
    if (changedFrom === undefined && !this.#wasSomebodyElse(row, named)) return;
    const { event } = events.key(row);
    for (const segment of this.#mayHold(event, sentTime)) {
      const own = { ...digestOf(events.key(row)), event, tableRow: row };
      const others = wanted.get(segment);
      if (others) others.push(own);
      else wanted.set(segment, [own]);
    }
  }

  /**
   * Whether whom the row was sent under is a user here who does not count as the row's, or likewise whom the device
   * named that sent it.
   */
  #wasSomebodyElse(row: number, named: number): boolean {
    const { events, users } = this.#context;
    const code = events.sentIdCode(row);
    if (code !== 0 && this.#isAnother(row, users.find(events.sentIdTexts[code]))) return true;
    return this.#isAnother(row, named) && events.key(row).sentId.startsWith(devicePrefix);
  }

  /** `user`: an ordinal, or 0 for nobody. */
  #isAnother(row: number, user: number): boolean {
    const { events, links } = this.#context;
    if (user === 0) return false;
    return links.representative(user) !== links.representative(events.users.array[row]);
  }

  /**
   * The time that an event of the future was sent with lies behind everything indexed so far, unless the batch was on
   * its way for longer than an index job takes: then nothing is opened.
   */
  #mayHold(event: string, sentTime: number): BaseSegment[] {
    const day = Math.floor(sentTime / dayMs);
    return this.#base.segments.filter(({ entry }) => {
      if (entry.day !== day || sentTime - day * dayMs > (entry.meta.lastTime ?? dayMs))
        return false;
      return entry.meta.events.some(({ name }) => name === event);
    });
  }

  #lookInto({ entry }: BaseSegment, wanted: readonly WantedRow[]): void {
    const { project, shard, users } = this.#context;
    const found = readSegment(entry.path, { project, shard, day: entry.day }, (file) =>
      findUnchanged(file, wanted, (ordinal) => users.id(ordinal)),
    );
    for (const one of wanted) {
      const copy = found.get(one);
      if (copy) this.#judge(one.tableRow, entry.id, copy);
    }
  }

  /** Of two copies the one with the greater sequence stays; of equal ones that in memory, which came later. */
  #judge(row: number, segment: string, copy: FoundCopy): void {
    const { events } = this.#context;
    if (events.sequenceOfBatch(events.batches.array[row]) < copy.sequence) {
      events.hide(row);
      return;
    }
    const rows = this.#hidden.get(segment) ?? new Set();
    this.#hidden.set(segment, rows.add(copy.row));
  }
}
