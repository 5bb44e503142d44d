import { nextRows, noRow, previousRows } from './follow-flow.ts';

/** What a place of a path may hold instead of a row. */
export const absentStep = -1;
export const droppedStep = -2;

/** Rows as the steps of paths see them. */
export interface FlowSteps {
  readonly times: Float64Array;
  /** The next and the previous shown row of the user, by row; with collapsed runs those of another name. */
  readonly next: Uint32Array;
  readonly previous: Uint32Array;
  /** With collapsed runs the name by row, else null. */
  readonly names: Uint32Array | null;
  /** Where a path lies in one session: the session by row, else null. */
  readonly sessions: Uint32Array | null;
}

export interface FlowLayout {
  readonly anchors: readonly { readonly before: number; readonly after: number }[];
  readonly startMs: number;
  readonly endMs: number;
}

/** `shown`: 1 where a row may be a step; where `sessions` are given, one in no session may not. */
export function flowSteps(
  rows: { readonly users: Uint32Array; readonly times: Float64Array; readonly shown: Uint8Array },
  names: Uint32Array | null,
  sessions: Uint32Array | null,
): FlowSteps {
  const { users, times, shown } = rows;
  const next = nextRows(users, shown);
  const previous = previousRows(users, shown);
  if (names !== null) {
    // A run is passed over at once: the neighbour's own neighbour is known already.
    for (let row = next.length - 1; row >= 0; row--) {
      const neighbour = next[row];
      if (neighbour !== noRow && names[neighbour] === names[row]) next[row] = next[neighbour];
    }
    for (let row = 0; row < previous.length; row++) {
      const neighbour = previous[row];
      if (neighbour !== noRow && names[neighbour] === names[row]) {
        previous[row] = previous[neighbour];
      }
    }
  }
  return { times, next, previous, names, sessions };
}

/**
 * Writes the row of each place of one path, or `absentStep`, or `droppedStep` where the user does nothing more
 * in the range, and at the first anchor that was not reached.
 *
 * Before the first anchor and after the last one reached there are events of the range; between two anchors
 * whatever lies there, each event once: what the steps after the one do not show is left for those before the
 * other. Of a collapsed run the event nearest to the anchor stands for all; beside an anchor it belongs to it.
 */
export function layOutPath(
  steps: FlowSteps,
  { anchors, startMs, endMs }: FlowLayout,
  anchorRows: Int32Array,
  places: Int32Array,
): void {
  const { times, next, previous, names, sessions } = steps;
  places.fill(absentStep);
  const entry = anchorRows[0];
  let place = 0;
  // The first row that the steps before an anchor may show.
  let free = 0;
  for (let k = 0; k < anchors.length; k++) {
    const { before, after } = anchors[k];
    const anchor = anchorRows[k];
    const own = place + before;
    place = own + after + 1;
    if (anchor < 0) {
      places[own] = droppedStep;
      return;
    }
    let row = previous[anchor];
    for (let n = 1; n <= before && row !== noRow; n++, row = previous[row]) {
      if (k === 0 ? times[row] < startMs : row < free) break;
      if (sessions !== null && sessions[row] !== sessions[entry]) break;
      places[own - n] = row;
    }
    places[own] = anchor;
    const following = k + 1 < anchors.length ? anchorRows[k + 1] : -1;
    row = next[anchor];
    for (let n = 1; n <= after; n++, row = next[row]) {
      const isThere =
        row !== noRow &&
        (following < 0 ? times[row] < endMs : row < following) &&
        (sessions === null || sessions[row] === sessions[entry]);
      if (!isThere) {
        if (following < 0) places[own + n] = droppedStep;
        break;
      }
      // The run that the next anchor ends is part of it.
      if (names !== null && following >= 0 && names[row] === names[following]) {
        if (next[row] > following) break;
      }
      places[own + n] = row;
    }
    free = row;
  }
}
