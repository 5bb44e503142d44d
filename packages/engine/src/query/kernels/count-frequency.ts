/** Events in segments, ordered by (user, time): entry i is `rows[i]` in slot `slots[i]`. */
export interface FrequencyInput {
  readonly rows: Uint32Array;
  readonly slots: Uint32Array;
  /** Output line of each entry: its slot in its row of the table. */
  readonly lines: Uint32Array;
  /** By row of the view. */
  readonly users: Uint32Array;
  /** Sub-unit of each row of the view: an hour or a day. */
  readonly units: Int32Array;
}

/** What is remembered by slot: of the last user seen there, in the last line. Starts as zeros. */
export interface FrequencyStates {
  readonly users: Uint32Array;
  readonly lines: Uint32Array;
  readonly units: Int32Array;
  /** Sub-units that this user was seen in so far, on this line. */
  readonly seen: Uint32Array;
}

/**
 * `counts[line · width + k]` += the users with entries in more than k sub-units of the line: at least k + 1.
 * Sub-units from `width` on are not counted.
 */
export function countFrequency(
  { rows, slots, lines, users, units }: FrequencyInput,
  states: FrequencyStates,
  width: number,
  counts: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const slot = slots[i];
    const user = users[rows[i]];
    const unit = units[rows[i]];
    if (states.users[slot] !== user || states.lines[slot] !== lines[i]) {
      states.users[slot] = user;
      states.lines[slot] = lines[i];
      states.seen[slot] = 0;
    } else if (states.units[slot] === unit) continue;
    states.units[slot] = unit;
    const seen = states.seen[slot]++;
    if (seen < width) counts[lines[i] * width + seen]++;
  }
}
