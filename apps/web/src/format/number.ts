/**
 * How numbers are written (UX-C9): exact with grouped thousands in tables and tooltips, compact on
 * axes. "No value" is an en dash and never looks like zero.
 */
export const noValue = '–';

const locale = 'en';
const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat(locale, {
  notation: 'compact',
  maximumSignificantDigits: 3,
});

export function formatNumber(value: number | null): string {
  return value === null ? noValue : exact.format(value);
}

export function formatCompact(value: number): string {
  return compact.format(value);
}

/** A share of 1 as percent with one decimal: 0.1234 → "12.3 %", which no line break parts. */
export function formatPercent(rate: number | null): string {
  if (rate === null || !Number.isFinite(rate)) return noValue;
  return `${(rate * 100).toFixed(1)}\u00a0%`;
}

const durationSteps = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1000 },
] as const;

/** The two largest units that are not zero: 95 000 → "1 m 35 s"; under a second in milliseconds. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return noValue;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  let rest = Math.round(ms / 1000) * 1000;
  const parts: string[] = [];
  for (const step of durationSteps) {
    const count = Math.floor(rest / step.ms);
    rest -= count * step.ms;
    if (count > 0) parts.push(`${count} ${step.unit}`);
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(' ');
}

/** "1 user", "2 users": the number exact, the noun in the right form. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** How much a value changed, of 1; null where there was nothing before. */
export function changeOf(value: number | null, before: number | null): number | null {
  if (value === null || before === null || before === 0) return null;
  return (value - before) / Math.abs(before);
}

/** How many percentage points a rate changed; null where one of the two is missing. */
export function pointsOf(rate: number | null, before: number | null): number | null {
  return rate === null || before === null ? null : (rate - before) * 100;
}

/** "+2.1 points, up 5.0 %": of a rate, which itself is a percentage. */
export function rateChangeText(rate: number | null, before: number | null): string {
  const points = pointsOf(rate, before);
  if (points === null) return noValue;
  const change = changeOf(rate, before);
  const percent = change === null || change === 0 ? '' : `, ${changeText(change)}`;
  return `${points > 0 ? '+' : ''}${points.toFixed(1)} points${percent}`;
}

/** "up 12.0 %", as it is also read aloud (UX-D8). */
export function changeText(change: number | null): string {
  if (change === null) return noValue;
  if (change === 0) return 'no change';
  return `${change > 0 ? 'up' : 'down'} ${formatPercent(Math.abs(change))}`;
}
