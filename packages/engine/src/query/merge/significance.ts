/** Entries and conversions of a whole, and of a part of it. */
export interface Conversions {
  readonly entries: number;
  readonly conversions: number;
  readonly ownEntries: number;
  readonly ownConversions: number;
}

/** Fewer entries say nothing (5.10). */
const entriesMin = 30;
const significantAbove = 0.95;

type Converted = Pick<Conversions, 'entries' | 'conversions'>;

/**
 * The same against another segment instead of the whole: the entries of both are the whole that the segment is drawn
 * from. Null = either has too few entries.
 */
export function significanceAgainst(
  control: Converted,
  own: Converted,
): ReturnType<typeof significanceOf> {
  if (control.entries < entriesMin) return null;
  return significanceOf({
    entries: control.entries + own.entries,
    conversions: control.conversions + own.conversions,
    ownEntries: own.entries,
    ownConversions: own.conversions,
  });
}

/**
 * How sure it is that a segment converts otherwise than the whole (5.10): of `ownEntries` drawn from the
 * entries, X are conversions, and the confidence is the greater of P(X < k) and P(X > k). Null = too few
 * entries, or more than the whole has (a segment of other attempts than the whole's).
 */
export function significanceOf({
  entries,
  conversions,
  ownEntries,
  ownConversions,
}: Conversions): { readonly confidence: number; readonly isSignificant: boolean } | null {
  if (ownEntries < entriesMin || ownEntries > entries) return null;
  const draw = { entries, conversions, ownEntries };
  const least = Math.max(0, ownEntries - (entries - conversions));
  const most = Math.min(ownEntries, conversions);
  const below = tail(draw, least, Math.min(ownConversions - 1, most));
  const above = tail(draw, Math.max(ownConversions + 1, least), most);
  const confidence = Math.min(1, Math.max(below, above));
  return { confidence, isSignificant: confidence > significantAbove };
}

type Draw = Omit<Conversions, 'ownConversions'>;

/**
 * P(from ≤ X ≤ to), X hypergeometric: the largest term by logarithms of factorials, the others from it by
 * ratios of neighbours, as far as they add anything to a double.
 */
function tail(draw: Draw, from: number, to: number): number {
  if (from > to) return 0;
  const mode = Math.floor(((draw.ownEntries + 1) * (draw.conversions + 1)) / (draw.entries + 2));
  const peak = Math.min(Math.max(mode, from), to);
  let sum = 1;
  for (let x = peak, term = 1; x < to; x++) {
    term *= ratio(draw, x);
    if (term < Number.EPSILON / 1024) break;
    sum += term;
  }
  for (let x = peak - 1, term = 1; x >= from; x--) {
    term /= ratio(draw, x);
    if (term < Number.EPSILON / 1024) break;
    sum += term;
  }
  return sum * Math.exp(logProbability(draw, peak));
}

/** P(X = x + 1) ÷ P(X = x). */
function ratio({ entries, conversions, ownEntries }: Draw, x: number): number {
  return (
    ((conversions - x) * (ownEntries - x)) /
    ((x + 1) * (entries - conversions - ownEntries + x + 1))
  );
}

function logProbability({ entries, conversions, ownEntries }: Draw, x: number): number {
  return (
    logChoose(conversions, x) +
    logChoose(entries - conversions, ownEntries - x) -
    logChoose(entries, ownEntries)
  );
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Up to here sums of logarithms are as exact and fast enough. */
const summedMax = 256;
const summed = new Float64Array(summedMax);
for (let n = 1; n < summedMax; n++) summed[n] = summed[n - 1] + Math.log(n);

/** ln n!, by Stirling's series where n is large: its fourth term is below 10^-17 there. */
function logFactorial(n: number): number {
  if (n < summedMax) return summed[n];
  const inverse = 1 / n;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square / 1260));
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}
