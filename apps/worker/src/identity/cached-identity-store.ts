import type { LinkOutcome } from '@arbor/engine/identity';
import type {
  IdentityAnswer,
  IdentityRequest,
  IdentityStore,
} from '@arbor/engine/identity/identity-store';
import type { LinkRequest } from '@arbor/engine/identity/links';
import { workerLimits } from '../limits.ts';
import { LruCache } from '../lru-cache.ts';
import type { IdentityChange } from './identity-changes.ts';

/**
 * Remembers what the store said, so that known users cost no transaction.
 *
 * What may be stale: a user that was merged in another process a moment ago. Its rows then still go
 * to the loser's shard under the loser's id, which is what rows stored before the merge look like, and
 * shards fold those by the `BatchLink` of the merge. An identifier that is not remembered is never
 * guessed.
 */
export class CachedIdentityStore implements IdentityStore {
  #store: IdentityStore;
  #publish: (change: IdentityChange) => Promise<void>;
  /** `project identifier` → canonical id when it was learnt. */
  #canonical = new LruCache<string, string>(workerLimits.identityCacheEntriesMax);
  /** `project canonical` → the user it was merged into since. */
  #merged = new Map<string, string>();
  /** Links of shared devices that were refused: they come with every event of such a device. */
  #refused = new LruCache<string, LinkOutcome & { type: 'refused' }>(
    workerLimits.identityMergesMax,
  );

  constructor(store: IdentityStore, publish: (change: IdentityChange) => Promise<void>) {
    this.#store = store;
    this.#publish = publish;
  }

  async resolve(request: IdentityRequest): Promise<IdentityAnswer> {
    // A redelivery may have been the one that changed the map: only the store's log knows.
    const known = request.redelivered ? null : this.#fromMemory(request);
    if (known !== null) return known;
    const answer = await this.#store.resolve(request);
    for (const outcome of answer.outcomes) await this.#learn(request.project, outcome);
    for (const [identifier, canonical] of answer.canonical) {
      this.#canonical.set(key(request.project, identifier), canonical);
    }
    return answer;
  }

  /** A merge made by another process. */
  apply({ project, loser, winner }: IdentityChange): void {
    if (this.#merged.size >= workerLimits.identityMergesMax) this.forget();
    // A cycle cannot come from the store; guarding here keeps `#lookUp` from hanging all the same.
    if (this.#follow(project, winner) !== loser) this.#merged.set(key(project, loser), winner);
  }

  /** Called when changes may have been missed. */
  forget(): void {
    this.#canonical.clear();
    this.#merged.clear();
    this.#refused.clear();
  }

  #fromMemory({ project, identifiers, links }: IdentityRequest): IdentityAnswer | null {
    const canonical = new Map<string, string>();
    for (const identifier of identifiers) {
      const user = this.#lookUp(project, identifier);
      if (user === null) return null;
      canonical.set(identifier, user);
    }
    const outcomes: LinkOutcome[] = [];
    for (const link of links) {
      if (canonical.get(link.alias) === canonical.get(link.user)) continue;
      const refused = this.#refused.get(refusalKey(project, link));
      if (refused === undefined) return null;
      outcomes.push({ ...refused, link });
    }
    return { canonical, outcomes };
  }

  #lookUp(project: number, identifier: string): string | null {
    const canonical = this.#canonical.get(key(project, identifier));
    return canonical === undefined ? null : this.#follow(project, canonical);
  }

  #follow(project: number, canonical: string): string {
    let user = canonical;
    for (
      let next = this.#merged.get(key(project, user));
      next !== undefined;
      next = this.#merged.get(key(project, user))
    ) {
      user = next;
    }
    return user;
  }

  async #learn(project: number, outcome: LinkOutcome): Promise<void> {
    if (outcome.type === 'refused' && outcome.link.form === 'device') {
      this.#refused.set(refusalKey(project, outcome.link), outcome);
    }
    if (outcome.type !== 'united') return;
    const { loser, winner } = outcome;
    this.apply({ project, loser, winner });
    await this.#publish({ project, loser, winner });
  }
}

const key = (project: number, identifier: string): string => `${project} ${identifier}`;

const refusalKey = (project: number, { form, alias, user }: LinkRequest): string =>
  JSON.stringify([project, form, alias, user]);
