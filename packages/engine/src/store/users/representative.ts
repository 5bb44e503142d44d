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
