import type { Attempts } from '../attempts.ts';
import type { Choice } from './walks.ts';

/** Attempts in the slots that they count in: attempt places[i] counts in slot slots[i]. */
export interface Chosen {
  readonly places: Uint32Array;
  readonly slots: Uint32Array;
}

export interface ChoiceRule {
  readonly choice: Choice;
  /** An attempt that was spoilt after it had done it all leaves nothing of its group (5.7). */
  readonly dropsGroup: boolean;
  /** By attempt: attempts of one group lie together and one of them counts in each slot. */
  readonly groups: Uint32Array;
  /** By view row. */
  readonly times: Float64Array;
}

/**
 * Chooses in each slot one attempt of every group, or all. `entries`: attempts with the slots they belong to,
 * ascending by attempt. What is spoilt never counts.
 */
export function chooseAttempts(
  attempts: Attempts,
  entries: { readonly rows: Uint32Array; readonly slots: Uint32Array; readonly slotCount: number },
  rule: ChoiceRule,
): Chosen {
  if (rule.choice === 'all') return unspoilt(attempts, entries);
  const chooser = new Chooser(attempts, entries, rule);
  for (let i = 0; i < entries.rows.length; i++) chooser.add(entries.rows[i], entries.slots[i]);
  return chooser.finish();
}

function unspoilt(
  { spoilt }: Attempts,
  { rows, slots }: { readonly rows: Uint32Array; readonly slots: Uint32Array },
): Chosen {
  const places = new Uint32Array(rows.length);
  const own = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    if (spoilt[rows[i]] > 0) continue;
    places[count] = rows[i];
    own[count++] = slots[i];
  }
  return { places: places.slice(0, count), slots: own.slice(0, count) };
}

const none = 0xffff_ffff;

class Chooser {
  readonly #attempts: Attempts;
  readonly #rule: ChoiceRule;
  /** By slot: the group under way and one more (0 = none yet), and the best attempt of it so far. */
  readonly #group: Uint32Array;
  readonly #best: Uint32Array;
  /** By slot: 1 = nobody of the group counts. */
  readonly #isDropped: Uint8Array;
  readonly #places: Uint32Array;
  readonly #slots: Uint32Array;
  #count = 0;

  constructor(
    attempts: Attempts,
    { rows, slotCount }: { readonly rows: Uint32Array; readonly slotCount: number },
    rule: ChoiceRule,
  ) {
    this.#attempts = attempts;
    this.#rule = rule;
    this.#group = new Uint32Array(slotCount);
    this.#best = new Uint32Array(slotCount).fill(none);
    this.#isDropped = new Uint8Array(slotCount);
    this.#places = new Uint32Array(rows.length);
    this.#slots = new Uint32Array(rows.length);
  }

  add(attempt: number, slot: number): void {
    const { choice, dropsGroup, groups } = this.#rule;
    const spoilt = this.#attempts.spoilt[attempt];
    if (this.#group[slot] !== groups[attempt] + 1) {
      this.#close(slot);
      this.#group[slot] = groups[attempt] + 1;
      // The first one decides alone, whatever became of it.
      if (choice === 'first' && spoilt > 0) this.#isDropped[slot] = 1;
    }
    if (spoilt > 0) {
      if (dropsGroup && spoilt === 2) this.#isDropped[slot] = 1;
      return;
    }
    const best = this.#best[slot];
    if (best === none || this.#isBetter(attempt, best)) this.#best[slot] = attempt;
  }

  finish(): Chosen {
    for (let slot = 0; slot < this.#group.length; slot++) this.#close(slot);
    return {
      places: this.#places.slice(0, this.#count),
      slots: this.#slots.slice(0, this.#count),
    };
  }

  #close(slot: number): void {
    if (this.#best[slot] !== none && this.#isDropped[slot] === 0) {
      this.#places[this.#count] = this.#best[slot];
      this.#slots[this.#count++] = slot;
    }
    this.#best[slot] = none;
    this.#isDropped[slot] = 0;
  }

  #isBetter(attempt: number, best: number): boolean {
    const { choice, times } = this.#rule;
    if (choice === 'first') return false;
    const { stepCount, stepRows } = this.#attempts;
    const own = reachedOf(this.#attempts, attempt);
    const most = reachedOf(this.#attempts, best);
    if (own !== most || choice === 'most') return own > most;
    const last = own - 1;
    return times[stepRows[attempt * stepCount + last]] <= times[stepRows[best * stepCount + last]];
  }
}

/** How many steps an attempt has. */
function reachedOf({ stepCount, stepRows }: Attempts, attempt: number): number {
  const base = attempt * stepCount;
  let reached = 1;
  while (reached < stepCount && stepRows[base + reached] >= 0) reached++;
  return reached;
}
