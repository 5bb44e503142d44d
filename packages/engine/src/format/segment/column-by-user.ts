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
export function exceptionsTo(codes: Uint32Array, runs: EventRuns, base: Uint32Array): Exceptions {
  const rows = new Uint32Array(exceptionCount(codes, runs, base));
  const different = new Uint32Array(rows.length);
  const { places, starts } = runs;
  let at = 0;
  for (let r = 0; r < places.length; r++) {
    let before = base[places[r]];
    for (let row = starts[r]; row < starts[r + 1]; row++) {
      if (codes[row] === before) continue;
      before = codes[row];
      rows[at] = row;
      different[at++] = before;
    }
  }
  return { rows, codes: different };
}

function exceptionCount(
  codes: Uint32Array,
  { places, starts }: EventRuns,
  base: Uint32Array,
): number {
  let count = 0;
  for (let r = 0; r < places.length; r++) {
    let before = base[places[r]];
    for (let row = starts[r]; row < starts[r + 1]; row++) {
      if (codes[row] === before) continue;
      before = codes[row];
      count++;
    }
  }
  return count;
}

/** Gives each row the code of its user's base. */
export function expectByUser(
  codes: Uint32Array,
  { places, starts }: EventRuns,
  base: Uint32Array,
): void {
  let row = 0;
  for (let r = 0; r < places.length; r++) {
    const code = base[places[r]];
    const end = starts[r + 1];
    // Most runs are short: a loop beats a call of `fill`.
    while (row < end) codes[row++] = code;
  }
}
