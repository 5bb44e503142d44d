import { borrow, giveBack } from './scratch.ts';
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
  const rows = borrow(codes.length);
  const different = borrow(codes.length);
  let count = 0;
  let placeBefore = -1;
  let codeBefore = 0;
  for (let row = 0; row < codes.length; row++) {
    const place = placeByRow[row];
    const code = codes[row];
    // All bits set where a run goes on, none at its begin.
    const goesOn = ~((place ^ placeBefore) | -(place ^ placeBefore)) >> 31;
    const other = code ^ ((codeBefore & goesOn) | (base[place] & ~goesOn));
    // Written over by the next row where this is none: to jump costs more than to write.
    rows[count] = row;
    different[count] = code;
    count += (other | -other) >>> 31;
    codeBefore = code;
    placeBefore = place;
  }
  const exceptions = { rows: rows.slice(0, count), codes: different.slice(0, count) };
  giveBack(rows);
  giveBack(different);
  return exceptions;
}

/** Gives each row the code of its user's base. */
export function expectByUser(
  codes: Uint32Array,
  { placeByRow }: EventRuns,
  base: Uint32Array,
): void {
  for (let row = 0; row < codes.length; row++) codes[row] = base[placeByRow[row]];
}
