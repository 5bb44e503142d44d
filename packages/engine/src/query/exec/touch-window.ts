import type { AttributionModel } from '@arbor/schema/query';
import type { TouchSlots } from './attribution.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';

/** A touch of a week ago has half the weight of one of now (14.6). */
const halfLifeMs = 7 * 86_400_000;

/** Weights grow from where they are counted; beyond 2^500 they are counted from somewhere else. */
const halfLivesMax = 500;

/** What the first touch, all between, and the last have; of two touches the first and the last. */
interface Ends {
  readonly first: number;
  readonly middle: number;
  readonly last: number;
  readonly firstOfTwo: number;
  readonly lastOfTwo: number;
}

/**
 * The touches in a window that moves over the touches of one user after the other, counted by slot. Rows come
 * in ascending order mostly: the window moves on by what comes and goes, and is made anew otherwise.
 */
export class TouchWindow {
  readonly #model: AttributionModel;
  readonly #ends: Ends | null;
  readonly #touchRows: Uint32Array;
  readonly #times: Float64Array;
  readonly #codes: Uint32Array;
  readonly #slotsOf: TouchSlots;
  #first = 0;
  #end = 0;
  /** Touches that have the slot. */
  readonly #counts = new Map<number, number>();
  /** Their weights by age, counted from `#baseMs`. */
  readonly #decayed = new Map<number, number>();
  #decayedAll = 0;
  #baseMs = 0;

  constructor(
    model: AttributionModel,
    touchRows: Uint32Array,
    things: {
      readonly view: ShardView;
      readonly column: PropertyColumn;
      readonly touchSlots: TouchSlots;
    },
  ) {
    this.#model = model;
    this.#ends = endsOf(model);
    this.#touchRows = touchRows;
    this.#times = things.view.times;
    this.#codes = things.column.codes;
    this.#slotsOf = things.touchSlots;
  }

  /** Tells the share of each slot of the touches [first, end), which are those of one row; at least one. */
  shares(first: number, end: number, tell: (slot: number, share: number) => void): void {
    const { type } = this.#model;
    if (type === 'first' || type === 'last' || end - first === 1) {
      this.#tellTouch(type === 'first' ? first : end - 1, 1, tell);
      return;
    }
    this.#moveTo(first, end);
    const count = end - first;
    if (type === 'participation') for (const slot of this.#counts.keys()) tell(slot, 1);
    else if (type === 'linear') for (const [slot, own] of this.#counts) tell(slot, own / count);
    else if (type === 'time_decay') {
      for (const [slot, own] of this.#decayed) tell(slot, own / this.#decayedAll);
    } else this.#tellEnds(first, end, tell);
  }

  #tellTouch(touch: number, share: number, tell: (slot: number, share: number) => void): void {
    const { starts, slots } = this.#slotsOf;
    const code = this.#codes[this.#touchRows[touch]];
    for (let at = starts[code]; at < starts[code + 1]; at++) tell(slots[at], share);
  }

  #tellEnds(first: number, end: number, tell: (slot: number, share: number) => void): void {
    const ends = this.#ends;
    if (ends === null) return;
    const between = end - first - 2;
    const shares = new Map<number, number>();
    const add = (slot: number, share: number): void => {
      shares.set(slot, (shares.get(slot) ?? 0) + share);
    };
    if (between === 0) {
      this.#tellTouch(first, ends.firstOfTwo, add);
      this.#tellTouch(end - 1, ends.lastOfTwo, add);
    } else {
      const each = ends.middle / between;
      for (const [slot, own] of this.#counts) add(slot, own * each);
      this.#tellTouch(first, ends.first - each, add);
      this.#tellTouch(end - 1, ends.last - each, add);
    }
    for (const [slot, share] of shares) if (share > shareMin) tell(slot, share);
  }

  #moveTo(first: number, end: number): void {
    if (first < this.#first || first >= this.#end || end < this.#end) this.#clear(first);
    while (this.#end < end) this.#enter(this.#end++);
    while (this.#first < first) this.#leave(this.#first++);
  }

  #clear(first: number): void {
    this.#counts.clear();
    this.#decayed.clear();
    this.#decayedAll = 0;
    this.#first = first;
    this.#end = first;
    this.#baseMs = first < this.#touchRows.length ? this.#times[this.#touchRows[first]] : 0;
  }

  #enter(touch: number): void {
    const time = this.#times[this.#touchRows[touch]];
    if (time - this.#baseMs > halfLivesMax * halfLifeMs) this.#rebase(time);
    const weight = 2 ** ((time - this.#baseMs) / halfLifeMs);
    this.#decayedAll += weight;
    this.#tellTouch(touch, weight, (slot, own) => {
      this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + 1);
      this.#decayed.set(slot, (this.#decayed.get(slot) ?? 0) + own);
    });
  }

  #leave(touch: number): void {
    const weight = 2 ** ((this.#times[this.#touchRows[touch]] - this.#baseMs) / halfLifeMs);
    this.#decayedAll -= weight;
    this.#tellTouch(touch, weight, (slot, own) => {
      const left = (this.#counts.get(slot) ?? 0) - 1;
      if (left > 0) {
        this.#counts.set(slot, left);
        this.#decayed.set(slot, (this.#decayed.get(slot) ?? 0) - own);
      } else {
        this.#counts.delete(slot);
        this.#decayed.delete(slot);
      }
    });
  }

  #rebase(baseMs: number): void {
    const factor = 2 ** ((this.#baseMs - baseMs) / halfLifeMs);
    this.#baseMs = baseMs;
    this.#decayedAll *= factor;
    for (const [slot, own] of this.#decayed) this.#decayed.set(slot, own * factor);
  }
}

/** Below this a share is what rounding left of nothing. */
const shareMin = 1e-12;

/** Null for the models that look at more than which touch was first and which last. */
function endsOf(model: AttributionModel): Ends | null {
  switch (model.type) {
    case 'u_shaped':
      return { first: 0.4, middle: 0.2, last: 0.4, firstOfTwo: 0.5, lastOfTwo: 0.5 };
    case 'j_shaped':
      return { first: 0.2, middle: 0.2, last: 0.6, firstOfTwo: 0.25, lastOfTwo: 0.75 };
    case 'inverse_j':
      return { first: 0.6, middle: 0.2, last: 0.2, firstOfTwo: 0.75, lastOfTwo: 0.25 };
    case 'custom': {
      const { first, middle, last } = model;
      const all = first + middle + last;
      const ends = first + last;
      return {
        first: first / all,
        middle: middle / all,
        last: last / all,
        firstOfTwo: ends === 0 ? 0.5 : first / ends,
        lastOfTwo: ends === 0 ? 0.5 : last / ends,
      };
    }
    case 'first':
    case 'last':
    case 'linear':
    case 'participation':
    case 'time_decay':
      return null;
  }
}
