const written =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)? ?(Z|UTC|[+-]\d\d:?\d\d)?$/;

/**
 * Ms UTC of a date that is written out, on the clock of `timezone` where it names no zone; anything else as it is, for
 * the server reads numbers of seconds and of milliseconds. An hour that the clock skips is the one after; of one that it
 * shows twice the first is meant.
 */
export function instantOf(value: unknown, timezone: string): unknown {
  if (typeof value !== 'string') return value;
  const match = written.exec(value.trim());
  if (match === null) return value;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  const wallMs =
    Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(Number(match[7] ?? 0) * 1000);
  // The 31st of a month that has 30 days is a mistake, and the next month would hide it; so is the month 25 of a file
  // that writes the day first, which another year would hide.
  if (month < 1 || month > 12 || new Date(wallMs).getUTCDate() !== day) return value;
  if (hour > 23 || minute > 59 || second > 59) return value;
  // `Date.UTC` means 1924 by the year 24.
  if (year < 100) return value;
  const zone = match[8];
  return zone === undefined ? onClock(wallMs, timezone) : wallMs - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'UTC') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** The instant at which clocks of the zone show what `wallMs` would be in UTC. */
function onClock(wallMs: number, timezone: string): number {
  if (timezone === 'UTC') return wallMs;
  const before = wallMs - zoneOffsetMs(wallMs - 86_400_000, timezone);
  const after = wallMs - zoneOffsetMs(wallMs + 86_400_000, timezone);
  if (before + zoneOffsetMs(before, timezone) === wallMs) return before;
  if (after + zoneOffsetMs(after, timezone) === wallMs) return after;
  return before;
}

/** Making one is slow; a file has one zone and a million rows. */
const formats = new Map<string, Intl.DateTimeFormat>();

function zoneOffsetMs(instantMs: number, timezone: string): number {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timezone, format);
  }
  const wholeMs = Math.floor(instantMs / 1000) * 1000;
  const parts = new Map<string, string>(
    format.formatToParts(wholeMs).map(({ type, value }) => [type, value]),
  );
  const of = (type: string): number => Number(parts.get(type));
  const wall = Date.UTC(
    of('year'),
    of('month') - 1,
    of('day'),
    of('hour'),
    of('minute'),
    of('second'),
  );
  return wall - wholeMs;
}
