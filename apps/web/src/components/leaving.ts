/** Asks before the page is left, where something on it would be lost; `go` is what leaves it. */
export type LeaveGuard = (go: () => void) => void;

/** One page is shown at a time, and it has one guard at most. */
let guard: LeaveGuard | null = null;

/** Sets the guard of the page; the function that comes back takes it away again. */
export function guardLeaving(next: LeaveGuard): () => void {
  guard = next;
  return () => {
    if (guard === next) guard = null;
  };
}

/** Leaves the page, or lets its guard ask first. */
export function leave(go: () => void): void {
  if (guard === null) go();
  else guard(go);
}
