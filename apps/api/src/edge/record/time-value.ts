/** Below this a number means seconds, from it on milliseconds: 10^11 s is the year 5138 (10). */
const secondsBelow = 1e11;

/** The greatest time a Date can hold; what is beyond cannot be shown on any axis. */
const timeMsMax = 8.64e15;

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * A time as clients send it, to whole ms UTC: seconds or milliseconds, with a fraction, also as a
 * numeric string. null = not a time, or one before 1970.
 */
export function readTime(value: unknown): number | null {
  const number = typeof value === 'string' ? readDecimal(value) : value;
  if (typeof number !== 'number' || !(number >= 0)) return null;
  const ms = Math.round(number < secondsBelow ? number * 1000 : number);
  return ms <= timeMsMax ? ms : null;
}

function readDecimal(text: string): number | null {
  const trimmed = text.trim();
  return trimmed.length <= 32 && decimal.test(trimmed) ? Number(trimmed) : null;
}
