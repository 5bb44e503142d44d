import type { DecodedPerson } from '../../format/decode/batch-columns.ts';
import type { BatchRegistry } from '../batch-registry.ts';
import type { UserLinks } from '../user-links.ts';
import { applyUpdate, mergeProfiles, type Profile, type ProfileUpdate } from './profile.ts';

/** One update, with its place in the order of arrival at the edge. */
interface Entry extends ProfileUpdate, Moment {}

/** Current state of one group of linked users. */
interface State {
  readonly profile: Profile | undefined;
  /** The latest step that is in it: what comes after it may simply be applied. */
  readonly last: Moment;
}

/** Whose list of updates holds the one that is applied for its duplicate key. */
interface FirstCopy {
  readonly user: number;
  readonly entry: Entry;
}

/** A place in the order of arrival. A link comes before the updates of its batch. */
interface Moment {
  readonly batch: number;
  readonly position: number;
}

const linkPosition = -1;

/**
 * The people of one project in one shard. Every update is kept, by the user it was sent for, so that
 * one that comes late is applied where it belongs. Only copies are not: of several updates with one
 * (distinct id as sent, insert id) the first is kept (`browser-sdk.md` SRV-5), also if they were resolved
 * to different users because a merge came in between.
 *
 * **Invariant:** what is read depends on the set of updates and links alone: it is the state after
 * applying them, copies left out, in the order (sequence, batch id, links before updates, position).
 */
export class PeopleTable {
  readonly #registry: BatchRegistry;
  readonly #links: UserLinks;
  /** By ordinal, in order. */
  readonly #entries = new Map<number, Entry[]>();
  /** By duplicate key. Grows with the updates that are kept, not with the copies that are sent. */
  readonly #firstCopies = new Map<string, FirstCopy>();
  /** By representative. A group that is missing here but has entries is computed when it is read. */
  readonly #states = new Map<number, State>();
  /** Ordinals whose group must be computed anew. */
  readonly #stale = new Set<number>();
  #version = 0;

  constructor(registry: BatchRegistry, links: UserLinks) {
    this.#registry = registry;
    this.#links = links;
  }

  /** Changes with every update and link. */
  get version(): number {
    return this.#version;
  }

  append(user: number, batch: number, update: DecodedPerson): void {
    // Nobody ("") has no profile.
    if (user === 0) return;
    const { time, ignoreTime, operations, position } = update;
    const entry: Entry = { time, ignoreTime, operations, position, batch };
    if (this.#isLaterCopy(user, entry, update)) return;
    this.#version++;
    this.#insert(user, entry);
    const representative = this.#links.representative(user);
    const state = this.#states.get(representative);
    const isInOrder = !state || this.#compare(state.last, entry) < 0;
    if (this.#stale.has(user) || !isInOrder || (!state && this.#isLinked(user))) {
      this.#stale.add(user);
      return;
    }
    this.#states.set(representative, { profile: applyUpdate(state?.profile, update), last: entry });
  }

  /** The users' group changed: its profiles become one. */
  linked(user: number): void {
    this.#version++;
    this.#stale.add(user);
  }

  /** Profiles by representative, everything applied. The map is a copy; the profiles never change. */
  profiles(): Map<number, Profile> {
    this.#settle();
    const profiles = new Map<number, Profile>();
    for (const [user, { profile }] of this.#states) if (profile) profiles.set(user, profile);
    return profiles;
  }

  /** Takes the place of the copy that is kept so far if this one is earlier. */
  #isLaterCopy(user: number, entry: Entry, { distinctId, insertId }: DecodedPerson): boolean {
    if (insertId === undefined) return false;
    const key = duplicateKey(distinctId, insertId);
    const known = this.#firstCopies.get(key);
    if (known && this.#compare(known.entry, entry) <= 0) return true;
    if (known) this.#withdraw(known);
    this.#firstCopies.set(key, { user, entry });
    return false;
  }

  /** Takes an update back that turned out to be a later copy. */
  #withdraw({ user, entry }: FirstCopy): void {
    const left = (this.#entries.get(user) ?? []).filter((other) => other !== entry);
    if (left.length > 0) this.#entries.set(user, left);
    else this.#entries.delete(user);
    this.#stale.add(user);
  }

  #isLinked(user: number): boolean {
    return this.#links.members(user).length > 1;
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

  /** Replays a group from its updates and links. */
  #rebuild(representative: number): void {
    const members = this.#links.members(representative);
    for (const member of members) this.#states.delete(member);
    const steps = this.#steps(representative, members);
    const last = steps.at(-1);
    if (!last) return;
    const group = new GroupReplay();
    for (const step of steps) {
      if (step.type === 'link') group.unite(step.winner, step.loser);
      else group.update(step.user, step.entry);
    }
    this.#states.set(representative, { profile: group.profile(representative), last });
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
      return this.#links.compareLinks(step, other);
    });
  }
}

/** The length tells where the first part ends, so no two pairs give one text. */
function duplicateKey(distinctId: string, insertId: string): string {
  return `${insertId.length} ${insertId}${distinctId}`;
}

type Step =
  | (Moment & { readonly type: 'link'; readonly winner: number; readonly loser: number })
  | (Moment & { readonly type: 'update'; readonly user: number; readonly entry: Entry });

/** The profiles of a few users while they become one. */
class GroupReplay {
  readonly #winners = new Map<number, number>();
  readonly #profiles = new Map<number, Profile | undefined>();

  update(user: number, update: ProfileUpdate): void {
    const holder = this.#holder(user);
    this.#profiles.set(holder, applyUpdate(this.#profiles.get(holder), update));
  }

  unite(winner: number, loser: number): void {
    const target = this.#holder(winner);
    const source = this.#holder(loser);
    if (target === source) return;
    const merged = mergeProfiles(this.#profiles.get(target), this.#profiles.get(source));
    this.#profiles.set(target, merged);
    this.#profiles.delete(source);
    this.#winners.set(source, target);
  }

  profile(user: number): Profile | undefined {
    return this.#profiles.get(this.#holder(user));
  }

  /** Who holds the user's profile now. `unite` never makes a circle. */
  #holder(user: number): number {
    let holder = user;
    for (let next = this.#winners.get(holder); next !== undefined;) {
      holder = next;
      next = this.#winners.get(holder);
    }
    return holder;
  }
}
