import { GrowableUint32 } from '../../base/growable.ts';
import type { EventRuns } from './segment-users.ts';

/**
 * Many properties say something of the user or the session (system, country, plan), so that a user's rows
 * mostly have one value, in all events of the day. The *base* of a property is that value by place of the
 * user. What is written of an event is only where it differs.
 */
export class BaseVote {
  readonly base: Uint32Array;
  readonly #votes: Int32Array;

  constructor(placeCount: number) {
    this.base = new Uint32Array(placeCount);
    this.#votes = new Int32Array(placeCount);
  }

  /** Each run votes for the code of its first row, unless the property is absent there. */
  add(codes: Uint32Array, { places, starts }: EventRuns): void {
    const { base } = this;
    const votes = this.#votes;
    for (let r = 0; r < places.length; r++) {
      const code = codes[starts[r]];
      if (code === 0) continue;
      const place = places[r];
      if (votes[place] === 0) base[place] = code;
      votes[place] += base[place] === code ? 1 : -1;
    }
  }
}

/** The codes that differ from what is expected. */
export interface Exceptions {
  /** Ascending rows. */
  readonly rows: Uint32Array;
  readonly codes: Uint32Array;
}

/**
 * Where a row has not the code of the row before in its run; at a run's begin, not the code of the
 * user's base.
 */
export function exceptionsTo(
  codes: Uint32Array,
  { placeByRow }: EventRuns,
  base: Uint32Array,
): Exceptions {
  const rows = new GrowableUint32();
  const different = new GrowableUint32();
  let placeBefore = -1;
  let codeBefore = 0;
  for (let row = 0; row < codes.length; row++) {
    const place = placeByRow[row];
    // All bits set where a run goes on, none at its begin.
    const goesOn = ~((place ^ placeBefore) | -(place ^ placeBefore)) >> 31;
    const expected = (codeBefore & goesOn) | (base[place] & ~goesOn);
    codeBefore = codes[row];
    placeBefore = place;
    if (codeBefore === expected) continue;
    rows.push(row);
    different.push(codeBefore);
  }
  return {
    rows: rows.array.subarray(0, rows.length),
    codes: different.array.subarray(0, different.length),
  };
}

/** Gives each row the code of its user's base. */
export function expectByUser(
  codes: Uint32Array,
  { placeByRow }: EventRuns,
  base: Uint32Array,
): void {
  for (let row = 0; row < codes.length; row++) codes[row] = base[placeByRow[row]];
}
