import type { PropertyColumn } from '../../query/exec/shard-view.ts';
import type { DecodedPerson } from '../../format/decode/batch-columns.ts';
import type { KeptProperty } from '../../format/kept-profile.ts';
import type { BatchRegistry } from '../batch-registry.ts';
import { compareLinks, type UserLinks } from '../users/user-links.ts';
import { GroupReplay } from './group-replay.ts';
import { moveOfBatch } from '../moves/move-batches.ts';
import type { PeopleBase } from './people-base.ts';
import { PeopleColumns, type PeopleMoment } from './people-columns.ts';
import { applyUpdate, type FailedOperation, type Profile, type ProfileUpdate } from './profile.ts';
import { StateLog } from './state-log.ts';

/** One update, with its place in the order of arrival at the edge. */
interface Entry extends ProfileUpdate, Moment {
  readonly distinctId: string;
  /** Undefined = it is no copy of any. */
  readonly insertId: string | undefined;
}

/** An update that no file has yet. */
export interface KeptUpdate extends ProfileUpdate {
  /** Ordinal of whom it was sent for. */
  readonly user: number;
  readonly batch: number;
  readonly position: number;
  readonly distinctId: string;
  readonly insertId: string | undefined;
}

/** An update of which something could not be done. */
export interface FailedUpdate extends FailedOperation {
  /** Unique: of its batch, its position in it, and of operations of one update. */
  readonly id: string;
  /** When it arrived at the edge, ms UTC. */
  readonly receivedAt: number;
  readonly distinctId: string;
}

/** Current state of one group of linked users. */
interface State {
  readonly profile: Profile | undefined;
  /** The latest step that is in it: what comes after it may simply be applied. Undefined = the catalog's state. */
  readonly last: Moment | undefined;
}

/** Whose list of updates holds the one that is applied for its duplicate key. */
interface FirstCopy {
  readonly user: number;
  readonly entry: Entry;
  readonly distinctId: string;
  readonly insertId: string;
}

/** A place in the order of arrival. A link comes before the updates of its batch. */
interface Moment {
  readonly batch: number;
  readonly position: number;
}

const linkPosition = -1;
/** A log of states is begun anew when it is this much longer than there are states. */
const logSlack = 1024;
/** Updates that failed of which is told, between two versions of the catalog: a client that always fails fills no memory. */
const failuresMax = 1000;

export interface PeopleTableOptions {
  readonly registry: BatchRegistry;
  readonly links: UserLinks;
  readonly base: PeopleBase;
  /** Whether an update with this duplicate key lies in the catalog's files. */
  readonly isCovered: (distinctId: string, insertId: string) => boolean;
}

/**
 * The people of one project in one shard: the catalog's profiles, and every update since, by the user
 * it was sent for, so that one that comes late is applied where it belongs. Only copies are not kept: of
 * several updates with one (distinct id as sent, insert id) the first is (`browser-sdk.md` SRV-5), also if
 * they were resolved to different users because a merge came in between.
 *
 * **Invariant:** what is read depends on the catalog and the set of updates and links alone: it is the
 * catalog's state after applying them, copies left out, in the order (sequence, batch id, links before
 * updates, position).
 */
export class PeopleTable {
  readonly #registry: BatchRegistry;
  readonly #links: UserLinks;
  readonly #base: PeopleBase;
  readonly #isCovered: PeopleTableOptions['isCovered'];
  /** By ordinal, in order. */
  readonly #entries = new Map<number, Entry[]>();
  /** By duplicate key. Grows with the updates that are kept, not with the copies that are sent. */
  readonly #firstCopies = new Map<string, FirstCopy>();
  /** By ordinal, of those that differ from the catalog: representatives, and members that lost a profile. */
  readonly #states = new Map<number, State>();
  /** By ordinal, of those who were merged into others since the catalog: what they had then. */
  readonly #kept = new Map<number, readonly KeptProperty[]>();
  /** Ordinals whose group must be computed anew. */
  readonly #stale = new Set<number>();
  readonly #columns: PeopleColumns;
  /** What could not be done, as of now. */
  readonly #failures = new Map<Entry, readonly FailedOperation[]>();
  #log = new StateLog();
  #version = 0;

  constructor({ registry, links, base, isCovered }: PeopleTableOptions) {
    this.#registry = registry;
    this.#links = links;
    this.#base = base;
    this.#isCovered = isCovered;
    this.#columns = new PeopleColumns(base);
  }

  /** Changes with every update and link. */
  get version(): number {
    return this.#version;
  }

  append(user: number, batch: number, update: DecodedPerson): void {
    // Nobody ("") has no profile.
    if (user === 0) return;
    const { time, ignoreTime, operations, position, distinctId, insertId } = update;
    const entry: Entry = { time, ignoreTime, operations, position, batch, distinctId, insertId };
    if (this.#isCopy(user, entry, update)) return;
    this.#version++;
    this.#insert(user, entry);
    const representative = this.#links.representative(user);
    const state = this.#states.get(representative);
    const isInOrder = !state?.last || this.#compare(state.last, entry) < 0;
    if (this.#stale.has(user) || !isInOrder || (!state && this.#links.isChanged(user))) {
      this.#stale.add(user);
      return;
    }
    const before = state ? state.profile : this.#base.profile(representative);
    this.#setState(representative, { profile: this.#applied(before, entry), last: entry });
  }

  /** The users' group changed: its profiles become one. */
  linked(user: number): void {
    this.#version++;
    this.#stale.add(user);
  }

  /** The profile of the user, or of whom he was merged into, as it is now; undefined = has none. */
  profile(user: number): Profile | undefined {
    this.#settle();
    const representative = this.#links.representative(user);
    const state = this.#states.get(representative);
    return state ? state.profile : this.#base.profile(representative);
  }

  /** What the catalog says of the user himself; undefined = has none, or what he had is another's. */
  baseProfile(user: number): Profile | undefined {
    return this.#base.profile(user);
  }

  /** What was sent for these users since the catalog, copies left out; those of each user in order. */
  updatesSince(users: readonly number[]): KeptUpdate[] {
    return users.flatMap((user) =>
      (this.#entries.get(user) ?? []).map((entry) => ({ user, ...entry })),
    );
  }

  /** What holds now. It can be read at any later time through `column`. */
  moment(userCount: number): PeopleMoment {
    this.#settle();
    if (this.#log.length > 2 * this.#states.size + logSlack) {
      this.#log = new StateLog();
      for (const [user, { profile }] of this.#states) this.#log.push(user, profile);
    }
    return { log: this.#log, length: this.#log.length, userCount };
  }

  /** A property by ordinal as it was at the moment, in shared memory; undefined = no person had it. */
  column(name: string, moment: PeopleMoment): PropertyColumn | undefined {
    return this.#columns.column(name, moment);
  }

  /** Everybody whose profile is not what the catalog says, everything applied; undefined = has none (any more). */
  changed(): Map<number, Profile | undefined> {
    this.#settle();
    const changed = new Map<number, Profile | undefined>();
    for (const [user, { profile }] of this.#states) {
      if (profile || this.#base.hasProfile(user)) changed.set(user, profile);
    }
    return changed;
  }

  /** What everybody had who was merged into another since the catalog, and had a profile; for whoever undoes it. */
  kept(): Map<number, readonly KeptProperty[]> {
    this.#settle();
    return new Map(this.#kept);
  }

  /**
   * Of the updates since the catalog what could not be done to the profiles as they are now, some of very many. What was brought
   * from another shard was told of there.
   */
  failed(): FailedUpdate[] {
    this.#settle();
    return [...this.#failures].flatMap(([{ batch, position, distinctId }, failures]) => {
      const batchId = this.#registry.id(batch);
      if (moveOfBatch(batchId) !== null) return [];
      const receivedAt = Math.floor(this.#registry.sequence(batch) / 1000);
      return failures.map((failure, i) => {
        return { ...failure, id: `${batchId}-${position}-${i}`, receivedAt, distinctId };
      });
    });
  }

  /** The duplicate keys of the updates that were kept. */
  keys(): { distinctId: string; insertId: string }[] {
    return Array.from(this.#firstCopies.values(), ({ distinctId, insertId }) => {
      return { distinctId, insertId };
    });
  }

  /** Takes the place of the copy that is kept so far if this one is earlier. One in the catalog is always the first. */
  #isCopy(user: number, entry: Entry, { distinctId, insertId }: DecodedPerson): boolean {
    if (insertId === undefined) return false;
    const key = duplicateKey(distinctId, insertId);
    const known = this.#firstCopies.get(key);
    if (known && this.#compare(known.entry, entry) <= 0) return true;
    if (!known && this.#isCovered(distinctId, insertId)) return true;
    if (known) this.#withdraw(known);
    this.#firstCopies.set(key, { user, entry, distinctId, insertId });
    return false;
  }

  /** Takes an update back that turned out to be a later copy. */
  #withdraw({ user, entry }: FirstCopy): void {
    const left = (this.#entries.get(user) ?? []).filter((other) => other !== entry);
    if (left.length > 0) this.#entries.set(user, left);
    else this.#entries.delete(user);
    this.#failures.delete(entry);
    this.#stale.add(user);
  }

  #applied(profile: Profile | undefined, entry: Entry): Profile | undefined {
    this.#failures.delete(entry);
    return applyUpdate(profile, entry, (failure) => {
      const known = this.#failures.get(entry);
      if (known === undefined && this.#failures.size >= failuresMax) return;
      this.#failures.set(entry, [...(known ?? []), failure]);
    });
  }

  /** Nearly always at the end. */
  #insert(user: number, entry: Entry): void {
    let entries = this.#entries.get(user);
    if (!entries) {
      entries = [];
      this.#entries.set(user, entries);
    }
    let at = entries.length;
    while (at > 0 && this.#compare(entries[at - 1], entry) > 0) at--;
    entries.splice(at, 0, entry);
  }

  #compare(moment: Moment, other: Moment): number {
    const difference = this.#registry.compare(moment.batch, other.batch);
    return difference !== 0 ? difference : moment.position - other.position;
  }

  #setState(user: number, state: State): void {
    this.#states.set(user, state);
    this.#log.push(user, state.profile);
  }

  #settle(): void {
    const done = new Set<number>();
    for (const user of this.#stale) {
      const representative = this.#links.representative(user);
      if (done.has(representative)) continue;
      done.add(representative);
      this.#rebuild(representative);
    }
    this.#stale.clear();
  }

  /** Replays a group from what the catalog says, its updates and links. */
  #rebuild(representative: number): void {
    const members = this.#links.members(representative);
    const group = this.#begin(members);
    const steps = this.#steps(representative, members);
    for (const step of steps) {
      if (step.type === 'link') group.unite(step.winner, step.loser);
      else group.update(step.user, step.entry);
    }
    for (const member of members) {
      const kept = group.kept().get(member);
      if (kept) this.#kept.set(member, kept);
      else this.#kept.delete(member);
      if (
        member !== representative &&
        (this.#states.has(member) || this.#base.hasProfile(member))
      ) {
        this.#setState(member, { profile: undefined, last: undefined });
      }
    }
    this.#setState(representative, { profile: group.profile(representative), last: steps.at(-1) });
  }

  /** As the catalog has it: of users that it knows to be merged only the representative has a profile. */
  #begin(members: readonly number[]): GroupReplay<Entry> {
    const group = new GroupReplay<Entry>((profile, entry) => this.#applied(profile, entry));
    for (const member of members) {
      const holder = this.#links.baseRepresentative(member);
      if (holder === member) group.begin(member, this.#base.profile(member));
      else group.beginMerged(member, holder);
    }
    return group;
  }

  #steps(representative: number, members: readonly number[]): Step[] {
    const steps: Step[] = this.#links.links(representative).map((link) => {
      return { type: 'link', position: linkPosition, ...link };
    });
    for (const user of members) {
      for (const entry of this.#entries.get(user) ?? []) {
        steps.push({
          type: 'update',
          batch: entry.batch,
          position: entry.position,
          user,
          entry,
        });
      }
    }
    return steps.sort((step, other) => {
      const difference = this.#compare(step, other);
      if (difference !== 0 || step.type !== 'link' || other.type !== 'link') return difference;
      return compareLinks(step, other);
    });
  }
}

/** The length tells where the first part ends, so no two pairs give one text. */
function duplicateKey(distinctId: string, insertId: string): string {
  return `${insertId.length} ${insertId}${distinctId}`;
}

type Step =
  | (Moment & {
      readonly type: 'link';
      readonly winner: number;
      readonly loser: number;
      readonly place: number;
    })
  | (Moment & { readonly type: 'update'; readonly user: number; readonly entry: Entry });
