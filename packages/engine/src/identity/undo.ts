/** An identifier of a cluster, with when it was seen first: smaller = earlier. */
export interface Member {
  readonly identifier: string;
  readonly seen: number;
}

/** A link of the log that holds: the two identifiers that it joins. */
export interface HeldLink {
  readonly id: number;
  readonly alias: string;
  readonly joined: string;
}

/** What taking a link back makes of a user. */
export interface Split {
  /** The identifiers that leave, in order of text. */
  readonly identifiers: readonly string[];
  /** Their canonical id. */
  readonly to: string;
}

/**
 * The part of a cluster that leaves when link `undone` is taken back: whoever the other links do not hold together with
 * the part that keeps the canonical id. That is the part in which the canonical id is; where neither side of the link
 * has it (the log of an older version is incomplete), the side of the alias leaves. Null = nobody leaves.
 */
export function splitByUndo(
  { canonical, members }: { readonly canonical: string; readonly members: readonly Member[] },
  links: readonly HeldLink[],
  undone: HeldLink,
): Split | null {
  const neighbours = neighboursOf(links.filter(({ id }) => id !== undone.id));
  const ofAlias = reachableFrom(undone.alias, neighbours);
  if (ofAlias.has(undone.joined)) return null;
  const leaving = ofAlias.has(canonical) ? reachableFrom(undone.joined, neighbours) : ofAlias;
  const part = members.filter(({ identifier }) => leaving.has(identifier));
  const [first] = part.toSorted(bySight);
  if (first === undefined) return null;
  return { identifiers: part.map(({ identifier }) => identifier).sort(), to: first.identifier };
}

function neighboursOf(links: readonly HeldLink[]): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>();
  const add = (one: string, other: string): void => {
    const list = neighbours.get(one);
    if (list === undefined) neighbours.set(one, [other]);
    else list.push(other);
  };
  for (const { alias, joined } of links) {
    add(alias, joined);
    add(joined, alias);
  }
  return neighbours;
}

function reachableFrom(
  start: string,
  neighbours: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set([start]);
  // Grows while it is gone through.
  for (const identifier of reached) {
    for (const next of neighbours.get(identifier) ?? []) reached.add(next);
  }
  return reached;
}

/** Who was seen first is canonical; what is left is decided by text, as where clusters are joined. */
function bySight(one: Member, other: Member): number {
  return one.seen - other.seen || (one.identifier < other.identifier ? -1 : 1);
}
