import type { IdentityMode } from '@arbor/schema/identity';
import { type IdentifierKind, isMappable, kindOfForm } from './identifier.ts';
import type { LinkRequest } from './links.ts';
import {
  type Refusal,
  type RefusalCode,
  refuseByForm,
  refuseByMode,
  refuseBySize,
  refuseIdentifiers,
  refuseTakenBack,
} from './refusals.ts';

/** What is known of a cluster before the links at hand are applied. */
export interface Cluster {
  readonly canonical: string;
  readonly identifierCount: number;
  /** It holds at least one identifier of a known user. */
  readonly identified: boolean;
  /** Order of first sight: smaller = earlier. Fresh clusters are later than all others. */
  readonly firstSeen: number;
  /** First seen in the batch at hand: no row of it is stored. */
  readonly fresh: boolean;
}

export type LinkOutcome =
  | { readonly type: 'unchanged'; readonly link: LinkRequest }
  /** `loser` was fresh: there are no rows to bring over. */
  | {
      readonly type: 'joined';
      readonly link: LinkRequest;
      readonly winner: string;
      readonly loser: string;
    }
  /** Rows of `loser` may be stored: they belong to `winner` from now on. */
  | {
      readonly type: 'united';
      readonly link: LinkRequest;
      readonly winner: string;
      readonly loser: string;
    }
  /** Records of `loser` after this one belong to `winner`; what came before stays a user of its own. */
  | {
      readonly type: 'onward';
      readonly link: LinkRequest;
      readonly winner: string;
      readonly loser: string;
    }
  | {
      readonly type: 'refused';
      readonly link: LinkRequest;
      readonly code: RefusalCode;
      /** In words, for the developer who sent it. */
      readonly reason: string;
    };

/** What decides beside the clusters. */
export interface IdentityRules {
  readonly mode: IdentityMode;
  /** `pairKey`s of links that a person took back: only a person makes them again. */
  readonly takenBack: ReadonlySet<string>;
}

/** Two identifiers, whichever comes first. */
export const pairKey = (one: string, other: string): string =>
  JSON.stringify(one < other ? [one, other] : [other, one]);

/** A fresh cluster's `firstSeen`: later than any time in milliseconds, in order of appearance. */
export const freshSeen = (order: number): number => 1e15 + order;

/**
 * The part of a project's identity map that a batch touches: loaded, changed by links, written back.
 * It must hold every identifier that the links name; whoever loads it holds the project's lock until
 * the changes are written.
 */
export class IdentityMap {
  /** Identifier → the canonical id it was loaded with. */
  #loaded: ReadonlyMap<string, string>;
  #clusters = new Map<string, Cluster>();
  /** Merged canonical id → the one it went into; followed to the end by `#find`. */
  #merged = new Map<string, string>();
  #madeIdentified = new Set<string>();
  #rules: IdentityRules;

  constructor(
    canonicalByIdentifier: ReadonlyMap<string, string>,
    clusters: Iterable<Cluster>,
    rules: IdentityRules,
  ) {
    this.#loaded = canonicalByIdentifier;
    this.#rules = rules;
    for (const cluster of clusters) this.#clusters.set(cluster.canonical, cluster);
  }

  /** The canonical id; an identifier the map cannot hold is its own user. */
  canonicalOf(identifier: string): string {
    return this.#find(this.#loaded.get(identifier) ?? identifier);
  }

  /** Applies one link by the table of SPEC.md. */
  link(link: LinkRequest): LinkOutcome {
    // A device and its user come with any event: where such pairs join nobody, they say nothing that could be refused.
    if (this.#rules.mode === 'legacy' && link.form === 'device') return { type: 'unchanged', link };
    const refusal = this.#refuse(link);
    const namesUser = link.form === 'identify' || link.form === 'device';
    if (namesUser && isMappable(link.user)) this.#makeIdentified(link.user);
    if (refusal !== null) return { type: 'refused', link, ...refusal };
    const alias = this.#clusterOf(link.alias);
    const user = this.#clusterOf(link.user);
    if (alias.canonical === user.canonical) return { type: 'unchanged', link };
    return this.#unite(link, alias, user);
  }

  /** Merged canonical id → final winner: what must be written back. */
  mergedClusters(): Map<string, string> {
    return new Map([...this.#merged.keys()].map((loser) => [loser, this.#find(loser)]));
  }

  /** Identifiers that became those of a known user although their form is anonymous. */
  madeIdentified(): string[] {
    return [...this.#madeIdentified];
  }

  #refuse(link: LinkRequest): Refusal | null {
    const unusable = refuseIdentifiers(link);
    if (unusable !== null) return unusable;
    const alias = this.#clusterOf(link.alias);
    const user = this.#clusterOf(link.user);
    if (alias.canonical === user.canonical) return null;
    const { mode, takenBack } = this.#rules;
    const byMode = refuseByMode(link, mode);
    if (byMode !== null) return byMode;
    if (link.form !== 'explicit' && takenBack.has(pairKey(link.alias, link.user))) {
      return refuseTakenBack(link);
    }
    return refuseByForm(link, alias) ?? refuseBySize(link, alias, user);
  }

  #unite(link: LinkRequest, alias: Cluster, user: Cluster): LinkOutcome {
    const isOnward = this.#rules.mode === 'legacy';
    const userWins = isOnward || wasSeenFirst(user, alias);
    const [winner, loser] = userWins ? [user, alias] : [alias, user];
    this.#merged.set(loser.canonical, winner.canonical);
    this.#clusters.set(winner.canonical, {
      ...winner,
      identifierCount: winner.identifierCount + loser.identifierCount,
      identified: winner.identified || loser.identified,
    });
    const type = isOnward ? 'onward' : loser.fresh ? 'joined' : 'united';
    return { type, link, winner: winner.canonical, loser: loser.canonical };
  }

  #makeIdentified(identifier: string): void {
    if (kindOfForm(identifier) === 'anonymous') this.#madeIdentified.add(identifier);
    const cluster = this.#clusterOf(identifier);
    this.#clusters.set(cluster.canonical, { ...cluster, identified: true });
  }

  #clusterOf(identifier: string): Cluster {
    const canonical = this.canonicalOf(identifier);
    const cluster = this.#clusters.get(canonical);
    if (cluster === undefined) {
      throw new Error(`identity map: "${identifier}" was not loaded before it was linked`);
    }
    return cluster;
  }

  #find(canonical: string): string {
    let end = canonical;
    for (let next = this.#merged.get(end); next !== undefined; next = this.#merged.get(end)) {
      end = next;
    }
    return end;
  }
}

/** A cluster of one that was never seen before. */
export function freshCluster(identifier: string, order: number): Cluster {
  const kind: IdentifierKind = kindOfForm(identifier);
  return {
    canonical: identifier,
    identifierCount: 1,
    identified: kind === 'identified',
    firstSeen: freshSeen(order),
    fresh: true,
  };
}

function wasSeenFirst(one: Cluster, other: Cluster): boolean {
  if (one.firstSeen !== other.firstSeen) return one.firstSeen < other.firstSeen;
  return one.canonical < other.canonical;
}
