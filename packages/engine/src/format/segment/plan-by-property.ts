import { maxOf } from './codec/bits.ts';
import { estimateSequence } from './codec/sequence.ts';
import { rangeOf } from './codec/sequence-stats.ts';
import {
  chooseExceptions,
  type ChosenExceptions,
  type CodeMap,
  type ColumnPlan,
  exceptionsToMap,
} from './column.ts';

/** The codes of all properties of a segment in one event; null = no row there has the property. */
export type EventCodes = readonly (Uint32Array | null)[];

/** A way to write a column, and the bits that it takes. */
export interface Candidate {
  readonly plan: ColumnPlan;
  readonly bits: number;
}

/** How one column of an event is told from another, and the bits that it then takes. */
interface Telling {
  readonly plan: ColumnPlan;
  readonly bits: number;
}

/** By source, then property, of one event: what was found out. Null = to be told so would not save anything. */
export type Tellings = Map<number, Map<number, Telling | null>>;

/** Shorter columns than this are not told from others: the map would cost what it saves. */
const rowsMin = 512;
/** Columns that take fewer bits a row are short already. */
const bitsMin = 1;
/** Rows that are looked at to find out whether one property may tell another. */
const sampleMax = 4096;
/** Of the rows whose other code was seen before: how many must have the code that was seen with it. */
const agreementMin = 0.4;

/**
 * Plans of the columns of one event by property, some of which are told from others: the pair that saves most
 * first; what a column is told from is then never, maybe through others, told from it. `known` is filled: plans
 * of the same codes are made twice, with other candidates, and what tells what does not change. `alone`: the codes
 * written as they are, which no candidate is larger than.
 */
export function planByProperty(
  codes: EventCodes,
  candidates: readonly (Candidate | null)[],
  alone: readonly (Candidate | null)[],
  known: Tellings,
): (ColumnPlan | null)[] {
  const plans = candidates.map((candidate) => candidate?.plan ?? null);
  const order = [...codes.keys()]
    .filter((property) => isLarge(codes[property], candidates[property]))
    .sort((a, b) => (candidates[b]?.bits ?? 0) - (candidates[a]?.bits ?? 0));
  const tellingOf = (property: number, source: number): Telling | null =>
    knownTelling(known, codes, alone[property]?.bits ?? 0, property, source);
  const pairs = order
    .flatMap((property) =>
      order.flatMap((source) => pairOf(candidates[property], property, source, tellingOf)),
    )
    .sort((a, b) => b.saved - a.saved);
  for (const { property, source, plan } of pairs) {
    if (plans[property]?.form === 'byProperty' || leadsTo(plans, source, property)) continue;
    plans[property] = plan;
  }
  return plans;
}

function isLarge(codes: Uint32Array | null, candidate: Candidate | null): boolean {
  if (codes === null || candidate === null || codes.length < rowsMin) return false;
  return candidate.bits > bitsMin * codes.length;
}

/** Whether the codes of `from` are told, maybe through others, from those of `to`. */
function leadsTo(plans: readonly (ColumnPlan | null)[], from: number, to: number): boolean {
  for (let at = from; ;) {
    if (at === to) return true;
    const plan = plans[at];
    if (plan?.form !== 'byProperty') return false;
    at = plan.property;
  }
}

interface Pair {
  readonly property: number;
  readonly source: number;
  readonly plan: ColumnPlan;
  readonly saved: number;
}

function pairOf(
  candidate: Candidate | null,
  property: number,
  source: number,
  tellingOf: (property: number, source: number) => Telling | null,
): Pair[] {
  if (property === source || candidate === null) return [];
  const telling = tellingOf(property, source);
  if (telling === null || telling.bits >= candidate.bits) return [];
  return [{ property, source, plan: telling.plan, saved: candidate.bits - telling.bits }];
}

function knownTelling(
  known: Tellings,
  codes: EventCodes,
  bitsMax: number,
  property: number,
  source: number,
): Telling | null {
  let bySource = known.get(source);
  if (bySource === undefined) known.set(source, (bySource = new Map()));
  let telling = bySource.get(property);
  if (telling === undefined) {
    telling = tell(codes[property], codes[source], source);
    // Its lists of exceptions may be nearly as long as the column, and there are as many as pairs of properties.
    if (telling !== null && telling.bits >= bitsMax) telling = null;
    bySource.set(property, telling);
  }
  return telling;
}

/** `property`: place of `others`. */
function tell(
  codes: Uint32Array | null,
  others: Uint32Array | null,
  property: number,
): Telling | null {
  if (codes === null || others === null || !maybeTells(others, codes)) return null;
  const map = mapBetween(others, codes);
  const exceptions = chooseExceptions(exceptionsToMap(codes, others, map));
  const bits = estimateSequence(map.codes) + exceptionBits(exceptions) + 64;
  return { plan: { form: 'byProperty', property, map, exceptions }, bits };
}

/** Their number is always written. */
export const exceptionBitsMin = 32;

/** Bits that exceptions take, about. */
export function exceptionBits({ rowsChoice, codesChoice }: ChosenExceptions): number {
  return exceptionBitsMin + (rowsChoice?.bits ?? 0) + (codesChoice?.bits ?? 0);
}

/** Looks at a part of the rows. */
function maybeTells(source: Uint32Array, codes: Uint32Array): boolean {
  const step = Math.ceil(codes.length / sampleMax);
  // By code of the source: the code that was seen with it last, + 1.
  const seen = new Uint32Array(maxOf(source) + 1);
  let again = 0;
  let agreed = 0;
  for (let row = 0; row < codes.length; row += step) {
    const before = seen[source[row]];
    if (before > 0) again++;
    if (before === codes[row] + 1) agreed++;
    seen[source[row]] = codes[row] + 1;
  }
  return again > 0 && agreed >= again * agreementMin;
}

/** For each code of the source that occurs, the code that most of its rows have, if more than half have one. */
function mapBetween(source: Uint32Array, codes: Uint32Array): CodeMap {
  const { min: first, max: last } = rangeOf(source);
  const mapped = new Uint32Array(last - first + 1);
  const votes = new Int32Array(mapped.length);
  const isSeen = new Uint8Array(mapped.length);
  for (let row = 0; row < source.length; row++) {
    const at = source[row] - first;
    if (votes[at] === 0) mapped[at] = codes[row];
    votes[at] += mapped[at] === codes[row] ? 1 : -1;
    isSeen[at] = 1;
  }
  // Places of codes that do not occur repeat the one before: the map then has longer runs.
  for (let at = 1; at < mapped.length; at++) if (isSeen[at] === 0) mapped[at] = mapped[at - 1];
  return { first, codes: mapped };
}
