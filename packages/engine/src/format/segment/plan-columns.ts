import { chooseSequence, estimateSequence } from './codec/sequence.ts';
import { BaseVote, exceptionsTo } from './column-by-user.ts';
import { chooseExceptions, type ColumnPlan } from './column.ts';
import {
  type Candidate,
  type EventCodes,
  exceptionBits,
  exceptionBitsMin,
  planByProperty,
  type Tellings,
} from './plan-by-property.ts';
import type { EventRuns } from './segment-users.ts';

export interface PlannedColumns {
  /** By property: what it is by user, where a column is told from that. */
  readonly bases: readonly (Uint32Array | null)[];
  /** By event, then property; null as in the codes. */
  readonly plans: readonly (readonly (ColumnPlan | null)[])[];
}

/** What a property takes by event: alone, and told from what it is by user, where that may take less. */
interface PropertyOptions {
  readonly base: Uint32Array;
  readonly baseBits: number;
  readonly alone: readonly (Candidate | null)[];
  readonly byUser: readonly (Candidate | null)[];
}

/**
 * Chooses for each column what its codes are told from, by the bits that it takes. What a property is by
 * user is written once for all events, so it must save more in them than it takes itself: judged again when it
 * is known which columns are better told from other properties.
 */
export function planColumns(
  events: readonly EventCodes[],
  runs: readonly EventRuns[],
  placeCount: number,
): PlannedColumns {
  const options = (events[0] ?? []).map((_, property) =>
    optionsOf(
      events.map((codes) => codes[property]),
      runs,
      placeCount,
    ),
  );
  const isUsed = options.map((option) => savedBits(option, option.byUser) > option.baseBits);
  const known = events.map((): Tellings => new Map());
  let plans = planEvents(events, options, isUsed, known);
  const isStillUsed = options.map((option, p) => {
    const left = option.byUser.map((own, e) => (plans[e][p] === own?.plan ? own : null));
    return isUsed[p] && savedBits(option, left) > option.baseBits;
  });
  if (isStillUsed.some((used, p) => used !== isUsed[p])) {
    plans = planEvents(events, options, isStillUsed, known);
  }
  return { bases: options.map(({ base }, p) => (isStillUsed[p] ? base : null)), plans };
}

function optionsOf(
  columns: readonly (Uint32Array | null)[],
  runs: readonly EventRuns[],
  placeCount: number,
): PropertyOptions {
  const alone = columns.map((codes): Candidate | null => {
    if (codes === null) return null;
    const choice = chooseSequence(codes);
    return { plan: { form: 'codes', choice }, bits: choice?.bits ?? 0 };
  });
  const mayBeByUser = alone.map((own) => own !== null && own.bits > exceptionBitsMin);
  if (!mayBeByUser.includes(true)) {
    return { base: new Uint32Array(0), baseBits: 0, alone, byUser: columns.map(() => null) };
  }
  const vote = new BaseVote(placeCount);
  columns.forEach((codes, e) => codes !== null && vote.add(codes, runs[e]));
  const { base } = vote;
  const byUser = columns.map((codes, e): Candidate | null => {
    if (codes === null || !mayBeByUser[e]) return null;
    const exceptions = chooseExceptions(exceptionsTo(codes, runs[e], base));
    return { plan: { form: 'byUser', exceptions }, bits: exceptionBits(exceptions) };
  });
  return { base, baseBits: estimateSequence(base), alone, byUser };
}

/** Of the columns given: what being told from the user saves. */
function savedBits({ alone }: PropertyOptions, byUser: readonly (Candidate | null)[]): number {
  return byUser.reduce((saved, own, e) => {
    const without = alone[e];
    return own === null || without === null ? saved : saved + Math.max(0, without.bits - own.bits);
  }, 0);
}

function planEvents(
  events: readonly EventCodes[],
  options: readonly PropertyOptions[],
  mayUseBase: readonly boolean[],
  known: readonly Tellings[],
): (ColumnPlan | null)[][] {
  return events.map((codes, e) =>
    planByProperty(
      codes,
      options.map(({ alone, byUser }, p) =>
        mayUseBase[p] ? smaller(alone[e], byUser[e]) : alone[e],
      ),
      options.map(({ alone }) => alone[e]),
      known[e],
    ),
  );
}

function smaller(one: Candidate | null, other: Candidate | null): Candidate | null {
  return one === null || (other !== null && other.bits < one.bits) ? other : one;
}
