import { type IdentifierKind, isMappable, kindOfForm } from './identifier.ts';
import {
  type Cluster,
  IdentityMap,
  freshCluster,
  type LinkOutcome,
  pairKey,
} from './identity-map.ts';
import {
  type IdentityAnswer,
  type IdentityRequest,
  type IdentityStore,
  type LoggedOutcome,
  mergeOutcomes,
  outcomesOfLog,
  type UndoAnswer,
  type UndoRequest,
  type UnionsByIdentifier,
} from './identity-store.ts';
import { type HeldLink, splitByUndo } from './undo.ts';
import { unionsOnTheWay } from './unions.ts';

/** `seen`: number of the batch; identifiers of one batch were seen at the same time. */
type Entry = { canonical: string; kind: IdentifierKind; seen: number };

type LogEntry = LoggedOutcome & {
  id: number;
  batchId: string;
  joined: string;
  united: boolean;
  undone: boolean;
};

type Project = { entries: Map<string, Entry>; log: LogEntry[] };

/** The whole map in memory, as plain as can be: the model of the PostgreSQL store, and for tests. */
export class MemoryIdentityStore implements IdentityStore {
  #projects = new Map<number, Project>();
  #batches = 0;
  #links = 0;

  async resolve(request: IdentityRequest): Promise<IdentityAnswer> {
    const { entries, log } = this.#projectOf(request.project);
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
      { mode: request.mode ?? 'simplified', takenBack: takenBackOf(log) },
    );
    const decided = request.links.map((link) => map.link(link));
    for (const identifier of map.madeIdentified()) {
      const entry = entries.get(identifier);
      if (entry !== undefined) entry.kind = 'identified';
    }
    for (const entry of entries.values()) entry.canonical = map.canonicalOf(entry.canonical);
    const logged = log.filter(({ batchId, undone }) => batchId === request.batchId && !undone);
    const outcomes = mergeOutcomes(outcomesOfLog(request.links, logged), decided);
    for (const outcome of decided) this.#write(log, request.batchId, outcome);
    const canonical = request.identifiers.map((id) => [id, map.canonicalOf(id)] as const);
    return { canonical: new Map(canonical), outcomes };
  }

  async undo({ project, link }: UndoRequest): Promise<UndoAnswer> {
    const { entries, log } = this.#projectOf(project);
    const undone = log.find(({ id }) => id === link);
    const from = undone === undefined ? undefined : entries.get(undone.alias)?.canonical;
    if (undone === undefined || undone.undone || from === undefined) return { type: 'unchanged' };
    const members = [...entries]
      .filter(([, { canonical }]) => canonical === from)
      .map(([identifier, { seen }]) => ({ identifier, seen }));
    const links = log.filter((entry) => !entry.undone);
    const split = splitByUndo({ canonical: from, members }, links, undone);
    undone.undone = true;
    if (split === null) return { type: 'held' };
    for (const identifier of split.identifiers) {
      const entry = entries.get(identifier);
      if (entry !== undefined) entry.canonical = split.to;
    }
    return { type: 'split', from, ...split };
  }

  async unions(project: number, users: ReadonlyMap<string, string>): Promise<UnionsByIdentifier> {
    const { entries, log } = this.#projectOf(project);
    const userOf = (identifier: string): string | undefined => entries.get(identifier)?.canonical;
    const held = log.filter(
      ({ undone, loser, winner }) => !undone && userOf(loser) === userOf(winner),
    );
    return unionsOnTheWay(users, held);
  }

  /** Links that hold, oldest first. */
  links(project: number): readonly (HeldLink & Pick<LogEntry, 'form'>)[] {
    return this.#projectOf(project).log.filter(({ undone }) => !undone);
  }

  #write(log: LogEntry[], batchId: string, outcome: LinkOutcome): void {
    if (outcome.type === 'unchanged' || outcome.type === 'refused') return;
    const { type, winner, loser } = outcome;
    const { form, alias, user } = outcome.link;
    log.push({
      id: ++this.#links,
      batchId,
      form,
      alias,
      joined: user,
      winner,
      loser,
      onward: type === 'onward',
      united: type === 'united',
      undone: false,
    });
  }

  #projectOf(project: number): Project {
    let found = this.#projects.get(project);
    if (found === undefined) {
      this.#projects.set(project, (found = { entries: new Map(), log: [] }));
    }
    return found;
  }
}

function takenBackOf(log: readonly LogEntry[]): Set<string> {
  return new Set(
    log.filter(({ undone }) => undone).map(({ alias, joined }) => pairKey(alias, joined)),
  );
}

function clustersOf(entries: ReadonlyMap<string, Entry>, fresh: readonly string[]): Cluster[] {
  const members = new Map<string, Entry[]>();
  for (const entry of entries.values()) {
    const cluster = members.get(entry.canonical);
    if (cluster === undefined) members.set(entry.canonical, [entry]);
    else cluster.push(entry);
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
