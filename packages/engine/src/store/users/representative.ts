/** `UserRedirects.ranks` of the members of one group, by ordinal; the representative's own is 0. */
export function ranksOf(
  members: readonly number[],
  representative: number,
  idOf: (ordinal: number) => string,
): ReadonlyMap<number, number> {
  const losers = members.filter((member) => member !== representative);
  // Nearly always one alone, whose id need not be read.
  if (losers.length > 1) losers.sort((loser, other) => (idOf(loser) < idOf(other) ? -1 : 1));
  return new Map([[representative, 0], ...losers.map((loser, i) => [loser, i + 1] as const)]);
}

/**
 * Who stands for a group of linked users: the member that never lost, or, should faulty links leave
 * several or none of those, the one with the smallest id.
 */
export function chooseRepresentative(
  members: readonly number[],
  hasLost: (ordinal: number) => boolean,
  idOf: (ordinal: number) => string,
): number {
  const neverLost = members.filter((member) => !hasLost(member));
  const candidates = neverLost.length > 0 ? neverLost : members;
  return candidates.reduce((best, member) => (idOf(member) < idOf(best) ? member : best));
}
