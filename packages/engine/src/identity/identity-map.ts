import { limits } from '@arbor/schema/limits';
import { type IdentifierKind, isMappable, kindOfForm, namesSomebody } from './identifier.ts';
import type { LinkRequest } from './links.ts';

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

export type RefusalCode =
  | 'invalid_identifier'
  | 'anonymous_id_invalid'
  | 'already_identified'
  | 'alias_taken'
  | 'too_many_identifiers';

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
  | {
      readonly type: 'refused';
      readonly link: LinkRequest;
      readonly code: RefusalCode;
      /** In words, for the developer who sent it. */
      readonly reason: string;
    };

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

  constructor(canonicalByIdentifier: ReadonlyMap<string, string>, clusters: Iterable<Cluster>) {
    this.#loaded = canonicalByIdentifier;
    for (const cluster of clusters) this.#clusters.set(cluster.canonical, cluster);
  }

  /** The canonical id; an identifier the map cannot hold is its own user. */
  canonicalOf(identifier: string): string {
    return this.#find(this.#loaded.get(identifier) ?? identifier);
  }

  /** Applies one link by the table of SPEC.md. */
  link(link: LinkRequest): LinkOutcome {
    const refusal = this.#refuse(link);
    if (link.form !== 'alias' && isMappable(link.user)) this.#makeIdentified(link.user);
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

  #refuse(link: LinkRequest): { code: RefusalCode; reason: string } | null {
    for (const identifier of [link.alias, link.user]) {
      if (isMappable(identifier) && namesSomebody(identifier)) continue;
      const shown = JSON.stringify(identifier.slice(0, 80));
      const reason = isMappable(identifier)
        ? `${shown} identifies nobody`
        : `${shown} cannot be used as an identifier`;
      return { code: 'invalid_identifier', reason };
    }
    const alias = this.#clusterOf(link.alias);
    const user = this.#clusterOf(link.user);
    if (alias.canonical === user.canonical) return null;
    return refuseByForm(link, alias) ?? refuseBySize(link, alias, user);
  }

  #unite(link: LinkRequest, one: Cluster, other: Cluster): LinkOutcome {
    const [winner, loser] = wasSeenFirst(one, other) ? [one, other] : [other, one];
    this.#merged.set(loser.canonical, winner.canonical);
    this.#clusters.set(winner.canonical, {
      ...winner,
      identifierCount: winner.identifierCount + loser.identifierCount,
      identified: winner.identified || loser.identified,
    });
    const type = loser.fresh ? 'joined' : 'united';
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

function refuseByForm(
  { form, alias }: LinkRequest,
  aliasCluster: Cluster,
): { code: RefusalCode; reason: string } | null {
  if (form === 'alias') {
    if (aliasCluster.identifierCount === 1) return null;
    return { code: 'alias_taken', reason: `"${alias}" is already an alias of another user` };
  }
  if (form === 'identify' && kindOfForm(alias) !== 'anonymous') {
    return {
      code: 'anonymous_id_invalid',
      reason: `the anonymous id "${alias}" is not a UUID version 4 and does not begin with "$device:"`,
    };
  }
  if (!aliasCluster.identified) return null;
  return { code: 'already_identified', reason: `"${alias}" already belongs to another known user` };
}

function refuseBySize(
  { alias, user }: LinkRequest,
  one: Cluster,
  other: Cluster,
): { code: RefusalCode; reason: string } | null {
  const identifierCount = one.identifierCount + other.identifierCount;
  if (identifierCount <= limits.identifiersPerUserMax) return null;
  return {
    code: 'too_many_identifiers',
    reason: `"${alias}" and "${user}" together have ${identifierCount} identifiers, at most ${limits.identifiersPerUserMax} may be one user`,
  };
}
