import type { LinkOutcome } from '@arbor/engine/identity';
import type {
  IdentityAnswer,
  IdentityRequest,
  IdentityStore,
  UndoAnswer,
  UndoRequest,
  UnionsByIdentifier,
} from '@arbor/engine/identity/identity-store';
import type { LinkRequest } from '@arbor/engine/identity/links';
import type { Union } from '@arbor/engine/identity/unions';
import { workerLimits } from '../limits.ts';
import { LruCache } from '../lru-cache.ts';
import type { IdentityChange } from './identity-changes.ts';

/**
 * Remembers what the store said, so that known users cost no transaction.
 *
 * What may be stale: a user that was merged in another process a moment ago. Its rows then still go
 * to the loser's shard under the loser's id, which is what rows stored before the merge look like, and
 * shards fold those by the `BatchLink` of the merge. An identifier that is not remembered is never
 * guessed. Nor is it after identifiers left a user (an epoch ends): rows that went to the user they left are
 * re-attributed (settle-splits.ts).
 */
export class CachedIdentityStore implements IdentityStore {
  #store: IdentityStore;
  #publish: (change: IdentityChange) => Promise<void>;
  /** Project → how often what is remembered of it was forgotten; part of the keys below. */
  #generations = new Map<number, number>();
  /** How often everything was. */
  #forgotten = 0;
  /** Project → the greatest epoch that is known of it. */
  #epochs = new Map<number, number>();
  /** `project generation identifier` → canonical id when it was learnt. */
  #canonical = new LruCache<string, string>(workerLimits.identityCacheEntriesMax);
  /** `project generation canonical` → the user it was merged into since. */
  #merged = new Map<string, string>();
  /** How identifiers came to a user: `project generation [identifier, user]` → the links. */
  #unions = new LruCache<string, readonly Union[]>(workerLimits.identityMergesMax);
  /** Links of shared devices that were refused: they come with every event of such a device. */
  #refused = new LruCache<string, LinkOutcome & { type: 'refused' }>(
    workerLimits.identityMergesMax,
  );

  constructor(store: IdentityStore, publish: (change: IdentityChange) => Promise<void>) {
    this.#store = store;
    this.#publish = publish;
  }

  async resolve(request: IdentityRequest): Promise<IdentityAnswer> {
    const { project } = request;
    this.#reach(project, request.epoch ?? 0);
    // A redelivery may have been the one that changed the map: only the store's log knows.
    const known = request.redelivered ? null : this.#fromMemory(request);
    if (known !== null) return known;
    const generation = this.#generationOf(project);
    const answer = await this.#store.resolve(request);
    // What was asked before all was forgotten may be what was to be forgotten.
    if (generation === this.#generationOf(project)) await this.#learn(project, answer);
    else await this.#tell(project, answer);
    return answer;
  }

  async unions(project: number, users: ReadonlyMap<string, string>): Promise<UnionsByIdentifier> {
    const found = new Map<string, readonly Union[]>();
    const missing = new Map<string, string>();
    // Keys are made before the store is asked: what it says may belong to a generation that ends meanwhile.
    const keys = new Map<string, string>();
    for (const [identifier, user] of users) {
      const key = this.#key(project, JSON.stringify([identifier, user]));
      const unions = this.#unions.get(key);
      if (unions === undefined) missing.set(identifier, user);
      else found.set(identifier, unions);
      keys.set(identifier, key);
    }
    if (missing.size === 0) return found;
    for (const [identifier, unions] of await this.#store.unions(project, missing)) {
      this.#unions.set(keys.get(identifier) ?? '', unions);
      found.set(identifier, unions);
    }
    return found;
  }

  async undo(request: UndoRequest): Promise<UndoAnswer> {
    const answer = await this.#store.undo(request);
    if (answer.type !== 'split') return answer;
    const { project } = request;
    const { epoch = 0 } = answer;
    this.apply({ version: 2, project, epoch });
    await this.#publish({ version: 2, project, epoch });
    return answer;
  }

  /** What another process changed. Merges of an older epoch may have been undone since. */
  apply(change: IdentityChange): void {
    const { project, epoch } = change;
    if (change.version === 2) this.#forgetProject(project);
    if (this.#reach(project, epoch) && change.version === 1) this.#merge(project, change);
  }

  /** False = the epoch is over. Where it is newer than what is known, that is forgotten. */
  #reach(project: number, epoch: number): boolean {
    const known = this.#epochs.get(project) ?? 0;
    if (epoch < known) return false;
    if (epoch === known) return true;
    this.#forgetProject(project);
    this.#epochs.set(project, epoch);
    return true;
  }

  /** What is remembered of the project is never found again, and pushed out in time. */
  #forgetProject(project: number): void {
    this.#generations.set(project, (this.#generations.get(project) ?? 0) + 1);
  }

  #merge(project: number, { loser, winner }: { loser: string; winner: string }): void {
    if (this.#merged.size >= workerLimits.identityMergesMax) this.forget();
    // A cycle cannot come from the store; guarding here keeps `#lookUp` from hanging all the same.
    if (this.#follow(project, winner) !== loser)
      this.#merged.set(this.#key(project, loser), winner);
  }

  /** Called when changes may have been missed. */
  forget(): void {
    this.#canonical.clear();
    this.#merged.clear();
    this.#unions.clear();
    this.#refused.clear();
    // Answers that are on their way belong to what is forgotten.
    this.#forgotten++;
  }

  /** Only ever grows. */
  #generationOf(project: number): number {
    return this.#forgotten + (this.#generations.get(project) ?? 0);
  }

  #key(project: number, identifier: string): string {
    return `${project} ${this.#generationOf(project)} ${identifier}`;
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
      const refused = this.#refused.get(this.#refusalKey(project, link));
      if (refused === undefined) return null;
      outcomes.push({ ...refused, link });
    }
    return { canonical, outcomes };
  }

  #lookUp(project: number, identifier: string): string | null {
    const canonical = this.#canonical.get(this.#key(project, identifier));
    return canonical === undefined ? null : this.#follow(project, canonical);
  }

  #follow(project: number, canonical: string): string {
    let user = canonical;
    for (
      let next = this.#merged.get(this.#key(project, user));
      next !== undefined;
      next = this.#merged.get(this.#key(project, user))
    ) {
      user = next;
    }
    return user;
  }

  async #learn(project: number, answer: IdentityAnswer): Promise<void> {
    if (!this.#reach(project, answer.epoch ?? this.#epochs.get(project) ?? 0)) return;
    for (const [identifier, canonical] of answer.canonical) {
      this.#canonical.set(this.#key(project, identifier), canonical);
    }
    for (const outcome of answer.outcomes) {
      if (outcome.type === 'refused' && outcome.link.form === 'device') {
        this.#refused.set(this.#refusalKey(project, outcome.link), outcome);
      }
      if (isMerge(outcome)) this.#merge(project, outcome);
    }
    await this.#tell(project, answer);
  }

  async #tell(project: number, { outcomes, epoch = 0 }: IdentityAnswer): Promise<void> {
    for (const outcome of outcomes) {
      if (!isMerge(outcome)) continue;
      const { loser, winner } = outcome;
      await this.#publish({ version: 1, project, epoch, loser, winner });
    }
  }

  #refusalKey(project: number, { form, alias, user }: LinkRequest): string {
    return this.#key(project, JSON.stringify([form, alias, user]));
  }
}

/** Whether others may remember the loser as a user of its own. */
function isMerge(
  outcome: LinkOutcome,
): outcome is Extract<LinkOutcome, { type: 'united' | 'onward' }> {
  return outcome.type === 'united' || outcome.type === 'onward';
}
