/** Below this a number means seconds, from it on milliseconds: 10^11 s is the year 5138 (`ingestion-api.md` 10). */
const secondsBelow = 1e11;

/** The greatest time a Date can hold; what is beyond cannot be shown on any axis. */
const timeMsMax = 8.64e15;

/** A time that a client sent as a number, to whole ms UTC. Null = not a time, or one before 1970. */
export function msOfTimeNumber(number: number): number | null {
  if (!(number >= 0)) return null;
  const ms = Math.round(number < secondsBelow ? number * 1000 : number);
  return ms <= timeMsMax ? ms : null;
}
