import { type IdentifierKind, isMappable, kindOfForm } from './identifier.ts';
import { type Cluster, IdentityMap, freshCluster, type LinkOutcome } from './identity-map.ts';
import {
  type IdentityAnswer,
  type IdentityRequest,
  type IdentityStore,
  mergeOutcomes,
} from './identity-store.ts';

/** `seen`: number of the batch; identifiers of one batch were seen at the same time. */
type Entry = { canonical: string; kind: IdentifierKind; seen: number };

/** The whole map in memory, as plain as can be: the model of the PostgreSQL store, and for tests. */
export class MemoryIdentityStore implements IdentityStore {
  #projects = new Map<number, Map<string, Entry>>();
  #log = new Map<string, LinkOutcome[]>();
  #batches = 0;

  async resolve(request: IdentityRequest): Promise<IdentityAnswer> {
    const entries = this.#entriesOf(request.project);
    const seen = this.#batches++;
    // In order of appearance, which decides among those of this batch.
    const fresh: string[] = [];
    for (const identifier of request.identifiers) {
      if (!isMappable(identifier) || entries.has(identifier)) continue;
      entries.set(identifier, { canonical: identifier, kind: kindOfForm(identifier), seen });
      fresh.push(identifier);
    }
    const map = new IdentityMap(
      new Map([...entries].map(([identifier, { canonical }]) => [identifier, canonical])),
      clustersOf(entries, fresh),
    );
    const decided = request.links.map((link) => map.link(link));
    for (const identifier of map.madeIdentified()) {
      const entry = entries.get(identifier);
      if (entry !== undefined) entry.kind = 'identified';
    }
    for (const entry of entries.values()) entry.canonical = map.canonicalOf(entry.canonical);
    const logKey = `${request.project} ${request.batchId}`;
    const outcomes = mergeOutcomes(this.#log.get(logKey) ?? [], decided);
    this.#log.set(logKey, outcomes);
    const canonical = request.identifiers.map((id) => [id, map.canonicalOf(id)] as const);
    return { canonical: new Map(canonical), outcomes };
  }

  #entriesOf(project: number): Map<string, Entry> {
    let entries = this.#projects.get(project);
    if (entries === undefined) this.#projects.set(project, (entries = new Map()));
    return entries;
  }
}

function clustersOf(entries: ReadonlyMap<string, Entry>, fresh: readonly string[]): Cluster[] {
  const members = new Map<string, Entry[]>();
  for (const entry of entries.values()) {
    members.set(entry.canonical, [...(members.get(entry.canonical) ?? []), entry]);
  }
  return [...members].map(([canonical, cluster]) => {
    const order = fresh.indexOf(canonical);
    if (order >= 0) return freshCluster(canonical, order);
    return {
      canonical,
      identifierCount: cluster.length,
      identified: cluster.some(({ kind }) => kind === 'identified'),
      firstSeen: entries.get(canonical)?.seen ?? 0,
      fresh: false,
    };
  });
}
