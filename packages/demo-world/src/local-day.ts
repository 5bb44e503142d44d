/** Calendar days of a time zone, written YYYY-MM-DD, and the instants they begin at. */

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timezone, format);
  }
  return format;
}

/** What a clock on the wall of the zone shows at the instant, read as if it were UTC, ms. */
function wallClock(instant: number, timezone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timezone).formatToParts(instant)) {
    part[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The local day an instant lies in. */
export function dayOf(instant: number, timezone: string): string {
  return new Date(wallClock(instant, timezone)).toISOString().slice(0, 10);
}

/** The day `count` days later, or earlier when negative. */
export function addDays(day: string, count: number): string {
  return new Date(parseDay(day) + count * dayMs).toISOString().slice(0, 10);
}

/** How many days lie from one day to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((parseDay(to) - parseDay(from)) / dayMs);
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: string): number {
  return new Date(parseDay(day)).getUTCDay() || 7;
}

/**
 * The instant a local day begins. Two rounds: the offset at the first guess may be the one from before a
 * change of the clocks. Zones that skip midnight itself get the first instant of the day.
 */
export function dayStart(day: string, timezone: string): number {
  const wall = parseDay(day);
  let instant = wall - (wallClock(wall, timezone) - wall);
  instant = wall - (wallClock(instant, timezone) - instant);
  return instant;
}

function parseDay(day: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  if (Number.isNaN(instant)) throw new RangeError(`day "${day}": write it as YYYY-MM-DD`);
  return instant;
}
