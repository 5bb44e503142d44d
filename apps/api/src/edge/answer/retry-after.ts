/**
 * Seconds for `Retry-After`: up to half as many again as asked for, so that clients which were turned
 * away together do not come back together.
 */
export function jitteredSeconds(seconds: number, random: () => number = Math.random): number {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole + Math.floor(random() * (Math.ceil(whole / 2) + 1));
}
