import { finite } from './value.ts';

/** To the nearest whole number or digit behind the point, half away from zero (`query-api.md` 19.2). */
export function roundHalfAway(number: number, digits = 0): number {
  const places = Math.trunc(digits);
  if (Math.abs(places) > 300) return places > 0 ? number : 0;
  const shifted = shiftPoint(Math.abs(number), places);
  // So large that it has no digit to round.
  if (!Number.isFinite(shifted)) return number;
  const magnitude = shiftPoint(Math.round(shifted), -places);
  // Adding 0 turns -0 into 0.
  return (number < 0 ? -magnitude : magnitude) + 0;
}

/** Times 10 to the `places` in decimal digits: 1.005 × 100 is 100.5, not 100.49999999999999. */
function shiftPoint(number: number, places: number): number {
  if (places === 0) return number;
  const [digits = '', exponent = '0'] = String(number).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** The sign follows the dividend (`query-api.md` 19.2); undefined for a divisor of 0. */
export function remainder(dividend: number, divisor: number): number | undefined {
  return divisor === 0 ? undefined : (dividend % divisor) + 0;
}

/** Undefined for a divisor of 0. */
export function quotient(dividend: number, divisor: number): number | undefined {
  return divisor === 0 ? undefined : finite(dividend / divisor);
}
