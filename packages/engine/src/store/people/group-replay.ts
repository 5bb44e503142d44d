import type { KeptProperty } from '../../format/kept-profile.ts';
import { applyUpdate, mergeProfiles, type Profile, type ProfileUpdate } from './profile.ts';

type Apply<Update> = (profile: Profile | undefined, update: Update) => Profile | undefined;

/** The profiles of a few users while they become one. */
export class GroupReplay<Update extends ProfileUpdate = ProfileUpdate> {
  readonly #apply: Apply<Update>;
  readonly #winners = new Map<number, number>();
  readonly #profiles = new Map<number, Profile | undefined>();
  readonly #kept = new Map<number, readonly KeptProperty[]>();

  constructor(apply: Apply<Update> = (profile, update) => applyUpdate(profile, update)) {
    this.#apply = apply;
  }

  /** Before anything else: `user` has this profile and belongs to nobody. */
  begin(user: number, profile: Profile | undefined): void {
    this.#profiles.set(user, profile);
  }

  /** Before anything else: `user` was merged into `winner` long ago and has nothing of his own. */
  beginMerged(user: number, winner: number): void {
    this.#winners.set(user, winner);
  }

  update(user: number, update: Update): void {
    const holder = this.#holder(user);
    this.#profiles.set(holder, this.#apply(this.#profiles.get(holder), update));
  }

  unite(winner: number, loser: number): void {
    const target = this.#holder(winner);
    const source = this.#holder(loser);
    if (target === source) return;
    const [own, lost] = [this.#profiles.get(target), this.#profiles.get(source)];
    this.#profiles.set(target, mergeProfiles(own, lost));
    if (lost) this.#kept.set(source, keptOf(lost, own));
    this.#profiles.delete(source);
    this.#winners.set(source, target);
  }

  profile(user: number): Profile | undefined {
    return this.#profiles.get(this.#holder(user));
  }

  /** What users had when they were merged into others here, by user. */
  kept(): ReadonlyMap<number, readonly KeptProperty[]> {
    return this.#kept;
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

function keptOf(lost: Profile, winner: Profile | undefined): KeptProperty[] {
  return Array.from(lost, ([name, value]) => {
    return { name, value, wasTaken: winner?.has(name) !== true };
  });
}
