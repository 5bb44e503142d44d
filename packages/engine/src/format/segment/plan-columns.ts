import { estimateSequence } from './codec/sequence.ts';
import { BaseVote, type Exceptions, exceptionsTo } from './column-by-user.ts';
import { type CodeMap, type ColumnPlan, exceptionsToMap } from './column.ts';
import type { EventRuns } from './segment-users.ts';

/** The codes of all properties of a segment in one event; null = no row there has the property. */
export type EventCodes = readonly (Uint32Array | null)[];

export interface PlannedColumns {
  /** By property: what it is by user, where a column is told from that. */
  readonly bases: readonly (Uint32Array | null)[];
  /** By event, then property; null as in the codes. */
  readonly plans: readonly (readonly (ColumnPlan | null)[])[];
}

interface Candidate {
  readonly plan: ColumnPlan;
  readonly bits: number;
}

/** Chooses for each column what its codes are told from, by the bits that it takes. */
export function planColumns(
  events: readonly EventCodes[],
  runs: readonly EventRuns[],
  placeCount: number,
): PlannedColumns {
  const propertyCount = events[0]?.length ?? 0;
  const bases: (Uint32Array | null)[] = [];
  const candidates: (Candidate | null)[][] = events.map(() => []);
  for (let property = 0; property < propertyCount; property++) {
    const columns = events.map((codes) => codes[property]);
    const { base, chosen } = planProperty(columns, runs, placeCount);
    bases.push(base);
    chosen.forEach((candidate, e) => candidates[e].push(candidate));
  }
  return {
    bases,
    plans: events.map((codes, e) => planByProperty(codes, candidates[e])),
  };
}

/** Of one property in all events: the base pays only if all columns together save more than it takes. */
function planProperty(
  columns: readonly (Uint32Array | null)[],
  runs: readonly EventRuns[],
  placeCount: number,
): { base: Uint32Array | null; chosen: (Candidate | null)[] } {
  const vote = new BaseVote(placeCount);
  columns.forEach((codes, e) => codes !== null && vote.add(codes, runs[e]));
  const { base } = vote;
  const plain = columns.map((codes): Candidate | null =>
    codes === null ? null : { plan: { form: 'codes' }, bits: estimateSequence(codes) },
  );
  const chosen = columns.map((codes, e): Candidate | null => {
    const alone = plain[e];
    if (codes === null || alone === null) return null;
    const bits = exceptionBits(exceptionsTo(codes, runs[e], base));
    return bits < alone.bits ? { plan: { form: 'byUser', base }, bits } : alone;
  });
  const sum = (list: readonly (Candidate | null)[]): number =>
    list.reduce((total, candidate) => total + (candidate?.bits ?? 0), 0);
  const isWorth = sum(chosen) + estimateSequence(base) < sum(plain);
  return isWorth ? { base, chosen } : { base: null, chosen: plain };
}

/** Shorter columns than this are not told from others: the map would cost what it saves. */
const rowsMin = 512;
/** Columns that take fewer bits a row are short already. */
const bitsMin = 1;
/** Rows that are looked at to find out whether one property may tell another. */
const sampleMax = 8192;
/** Of the rows whose other code was seen before: how many must have the code that was seen with it. */
const agreementMin = 0.4;

/** The greatest column first: what it becomes cheap by is then no longer told from it. */
function planByProperty(
  codes: EventCodes,
  candidates: readonly (Candidate | null)[],
): (ColumnPlan | null)[] {
  const plans = candidates.map((candidate) => candidate?.plan ?? null);
  const order = [...codes.keys()]
    .filter((property) => isLarge(codes[property], candidates[property]))
    .sort((a, b) => (candidates[b]?.bits ?? 0) - (candidates[a]?.bits ?? 0));
  const pairs = order
    .flatMap((property) => order.flatMap((source) => pairOf(codes, candidates, property, source)))
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
  events: EventCodes,
  candidates: readonly (Candidate | null)[],
  property: number,
  source: number,
): Pair[] {
  const codes = events[property];
  const others = events[source];
  const candidate = candidates[property];
  if (property === source || codes === null || others === null || candidate === null) return [];
  if (!maybeTells(others, codes)) return [];
  const map = mapBetween(others, codes);
  const bits =
    estimateSequence(map.codes) + exceptionBits(exceptionsToMap(codes, others, map)) + 64;
  const saved = candidate.bits - bits;
  if (saved <= 0) return [];
  return [
    {
      property,
      source,
      plan: { form: 'byProperty', property: source, source: others, map },
      saved,
    },
  ];
}

function exceptionBits({ rows, codes }: Exceptions): number {
  return 32 + estimateSequence(rows) + estimateSequence(codes);
}

/** Looks at a part of the rows. */
function maybeTells(source: Uint32Array, codes: Uint32Array): boolean {
  const step = Math.max(1, Math.floor(codes.length / sampleMax));
  const seen = new Map<number, number>();
  let again = 0;
  let agreed = 0;
  for (let row = 0; row < codes.length; row += step) {
    const before = seen.get(source[row]);
    if (before !== undefined) {
      again++;
      if (before === codes[row]) agreed++;
    }
    seen.set(source[row], codes[row]);
  }
  return again > 0 && agreed >= again * agreementMin;
}

/** For each code of the source that occurs, the code that most of its rows have, if more than half have one. */
function mapBetween(source: Uint32Array, codes: Uint32Array): CodeMap {
  let first = source[0];
  let last = first;
  for (let row = 0; row < source.length; row++) {
    if (source[row] < first) first = source[row];
    if (source[row] > last) last = source[row];
  }
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
