import { msOfTimeNumber } from '@arbor/schema/time-number';

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * A time as clients send it, to whole ms UTC: seconds or milliseconds, with a fraction, also as a
 * numeric string. null = not a time, or one before 1970.
 */
export function readTime(value: unknown): number | null {
  const number = typeof value === 'string' ? readDecimal(value) : value;
  return typeof number === 'number' ? msOfTimeNumber(number) : null;
}

function readDecimal(text: string): number | null {
  const trimmed = text.trim();
  return trimmed.length <= 32 && decimal.test(trimmed) ? Number(trimmed) : null;
}
