import { must } from '../../base/assert.ts';
import { ArrivalScale } from '../../store/merge/arrival-scale.ts';
import { mergeEventParts } from '../../store/merge/merge-event-parts.ts';
import { isTouched, movedRuns } from '../../store/merge/redirected-runs.ts';
import type { MatchPlan } from '../plan/plan-types.ts';
import { namesEvent } from '../scan/row-mask.ts';
import { type ActiveRuns, countActive, firstAndLast, unitedUsers } from './active-users.ts';
import { readerOf } from './load-event.ts';
import type { PartReader } from './part-reader.ts';
import { RoomWriter } from './room-writer.ts';
import type { Loaded, LoadedPiece, LoadOrder } from './thread-messages.ts';
import type { ThreadThings } from './thread-things.ts';

const anyEvent: MatchPlan = { event: null, filters: [] };

/**
 * Finds who did anything on a day, out of all its parts, how often, and when the first and the last row of each came.
 * What a merge would hide or give to another user does not count as his.
 */
export function loadActivity(order: LoadOrder, things: ThreadThings): Loaded {
  return new ActivityLoad(order, things).loaded();
}

class ActivityLoad {
  readonly #order: LoadOrder;
  readonly #things: ThreadThings;
  readonly #readers: readonly PartReader[];
  readonly #touched = new Set<number>();

  constructor(order: LoadOrder, things: ThreadThings) {
    this.#order = order;
    this.#things = things;
    this.#readers = order.parts.map((part) => readerOf(part, things));
  }

  loaded(): Loaded {
    const { extent, pieces } = this.#order;
    const room = new RoomWriter(extent, this.#things.slab(extent.slab));
    const wantsTimes = pieces.some((name) => name !== 'active users');
    const asItLies = wantsTimes ? null : this.#usersOfOnePart();
    const runs = asItLies === null ? this.#runs() : [];
    const users = asItLies ?? unitedUsers(runs);
    const times = wantsTimes ? firstAndLast(runs, users) : null;
    const made = pieces.map((name): LoadedPiece => {
      if (name === 'active users') return room.write(name, users);
      if (name === 'active counts') return room.write(name, countActive(runs, users));
      const { firsts, lasts } = must(times, 'times of active users');
      return room.write(name, name === 'active firsts' ? firsts : lasts);
    });
    return {
      pieces: made,
      rowCount: users.length,
      sources: { type: 'part', part: 0 },
      touched: Uint32Array.from(this.#touched).sort(),
    };
  }

  /** Null = the part cannot tell at once: it lies in memory, hides rows, or has users who were merged away. */
  #usersOfOnePart(): Uint32Array | null {
    const [part, ...others] = this.#order.parts;
    if (others.length > 0 || part.type === 'memory' || part.hiddenRows.length > 0) return null;
    const file = this.#things.files.open(part.file);
    const names = file.events.map(({ name }) => name);
    const users = file.activeUsers(new Set(names.filter((name) => !this.#isActivity(name))));
    return isTouched(users, this.#things.users(this.#order.users).redirects) ? null : users;
  }

  /** The runs of each event; an event has each user once. */
  #runs(): ActiveRuns[] {
    const names = new Set(this.#readers.flatMap(({ eventNames }) => eventNames));
    return [...names].filter((name) => this.#isActivity(name)).map((name) => this.#runsOf(name));
  }

  #isActivity(event: string): boolean {
    const { hidden = [] } = this.#order;
    return namesEvent(anyEvent, event) && !hidden.includes(event);
  }

  #runsOf(event: string): ActiveRuns {
    const users = this.#things.users(this.#order.users);
    const parts = this.#readers.map((reader) =>
      reader.eventNames.includes(event) ? reader.eventPart(event) : null,
    );
    const moved = movedRuns(parts, users.redirects);
    for (const { part, run } of moved) this.#touched.add(parts[part]?.users[run] ?? 0);
    const [only, ...others] = parts.filter((part) => part !== null);
    if (others.length === 0 && only.hiddenRows.length === 0 && moved.length === 0) return only;
    const scale = new ArrivalScale(
      this.#readers.map(({ arrival }) => arrival),
      moved.length > 0 || this.#order.tiesApart,
    );
    return mergeEventParts(parts, scale, {
      redirects: users.redirects,
      userId: (ordinal) => users.id(ordinal),
    });
  }
}
