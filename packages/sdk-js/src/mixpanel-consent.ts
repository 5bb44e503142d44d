/**
 * What the visitor has decided, where the client that this one takes the place of keeps it: 1 or 0. The page's memory has to do
 * where storage is denied.
 */
export type Decision = '1' | '0' | typeof leaving | undefined;

/** Refused, and the deletion of the user is on its way: it outlives the page, so that a later one can go on. */
export const leaving = '00';

const memory: Record<string, Decision> = {};
const keyOf = (token: string): string => `__mp_opt_in_out_${token}`;

export function decisionOf(token: string): Decision {
  try {
    return (localStorage.getItem(keyOf(token)) as Decision) ?? undefined;
  } catch {
    return memory[token];
  }
}

export const isLeaving = (token: string): boolean => decisionOf(token) === leaving;

/** `undefined` forgets it. */
export function keepDecision(token: string, decision?: Decision): void {
  memory[token] = decision;
  try {
    if (decision) localStorage.setItem(keyOf(token), decision);
    else localStorage.removeItem(keyOf(token));
  } catch {
    // Denied or full.
  }
}
