/** A link of the log, as far as it tells who became whom. */
export interface LoggedLink {
  /** Later links have greater ones. */
  readonly id: number;
  readonly loser: string;
  readonly winner: string;
  /** Rows of the loser may be stored; one that had none only joined. */
  readonly united: boolean;
}

/** A link that made two users one. */
export type Union = Omit<LoggedLink, 'united'>;

/**
 * By identifier, the links by which it came to the user it is counted as (`users`), on the way there. `log` holds every
 * link that holds, whose loser lies on such a way, and whose two users are one now: it may hold between other identifiers
 * while these two were parted, and would make them one again. An identifier whose way leads elsewhere, as after a link was
 * taken back, has none: then the stored rows are divided as well.
 */
export function unionsOnTheWay(
  users: ReadonlyMap<string, string>,
  log: readonly LoggedLink[],
): Map<string, Union[]> {
  const links = new Map<string, LoggedLink>();
  for (const link of log.toSorted((one, other) => one.id - other.id)) links.set(link.loser, link);
  return new Map(
    Array.from(users, ([identifier, user]) => {
      const way = wayBetween(identifier, user, links).filter(({ united }) => united);
      return [identifier, way.map(({ id, loser, winner }) => ({ id, loser, winner }))];
    }),
  );
}

function wayBetween(
  identifier: string,
  user: string,
  links: ReadonlyMap<string, LoggedLink>,
): readonly LoggedLink[] {
  const way = new Set<LoggedLink>();
  for (let at = identifier; at !== user;) {
    const link = links.get(at);
    if (link === undefined || way.has(link)) return [];
    way.add(link);
    at = link.winner;
  }
  return [...way];
}
