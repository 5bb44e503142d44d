/** States of a report before and after the one on the screen, the nearest last in both. */
export type ReportHistory<S> = { readonly past: readonly S[]; readonly future: readonly S[] };

/** More than anybody takes back one by one; UX-R3 asks for 100. */
export const stepsMax = 200;

export const emptyHistory: ReportHistory<never> = { past: [], future: [] };

/** A change was made to `before`: what was undone until then cannot be brought back any more. */
export function recorded<S>(history: ReportHistory<S>, before: S): ReportHistory<S> {
  return { past: [...history.past, before].slice(-stepsMax), future: [] };
}

export type Step<S> = { readonly state: S; readonly history: ReportHistory<S> };

/** The state before `current`; null where nothing was changed. */
export function undone<S>({ past, future }: ReportHistory<S>, current: S): Step<S> | null {
  const state = past.at(-1);
  if (state === undefined) return null;
  return { state, history: { past: past.slice(0, -1), future: [...future, current] } };
}

/** The state that the last undo left; null where nothing was undone. */
export function redone<S>({ past, future }: ReportHistory<S>, current: S): Step<S> | null {
  const state = future.at(-1);
  if (state === undefined) return null;
  return { state, history: { past: [...past, current], future: future.slice(0, -1) } };
}

/** What is opened beside a report is no part of the question: to open a list is nothing to undo. */
const openedFields = ['listed', 'opened'];

/** The state with nothing opened beside the report. */
export function withoutOpened<S extends object>(state: S): S {
  const closed = openedFields.filter((field) => field in state).map((field) => [field, null]);
  return closed.length === 0 ? state : { ...state, ...Object.fromEntries(closed) };
}
