/** Rows of a mask in their order, a run for each user who has some. */
export interface SelectedRuns {
  /** Row of the view by place. */
  readonly rows: Uint32Array;
  /** Run r are the places starts[r] … starts[r + 1] − 1. */
  readonly starts: Uint32Array;
  /** By run. */
  readonly users: Uint32Array;
}

/** Lists the rows with mask 1 that belong to somebody. Rows of the view lie by user; user 0 is nobody. */
export function selectRuns(mask: Uint8Array, users: Uint32Array): SelectedRuns {
  const rows = new Uint32Array(countOwned(mask, users));
  const starts: number[] = [];
  const owners: number[] = [];
  let count = 0;
  let last = 0;
  for (let row = 0; row < mask.length; row++) {
    const user = users[row];
    if (mask[row] === 0 || user === 0) continue;
    if (user !== last) {
      starts.push(count);
      owners.push(user);
      last = user;
    }
    rows[count++] = row;
  }
  starts.push(count);
  return { rows, starts: Uint32Array.from(starts), users: Uint32Array.from(owners) };
}

function countOwned(mask: Uint8Array, users: Uint32Array): number {
  let count = 0;
  for (let row = 0; row < mask.length; row++) if (mask[row] === 1 && users[row] !== 0) count++;
  return count;
}
