/** Instants in the project's zone, in words. */

/** "14 Mar 2026, 23:03". */
export function dateTimeText(instantMs: number, timezone: string): string {
  return `${dayText(instantMs, timezone)}, ${clockText(instantMs, timezone).slice(0, 5)}`;
}

/** "14 Mar 2026". */
export function dayText(instantMs: number, timezone: string): string {
  return formatOf('day', timezone).format(instantMs);
}

/** "23:03:07". */
export function clockText(instantMs: number, timezone: string): string {
  return formatOf('clock', timezone).format(instantMs);
}

const options = {
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Making one is slow; a page has one zone, a list thousands of instants. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(kind: keyof typeof options, timezone: string): Intl.DateTimeFormat {
  const key = `${kind} ${timezone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, ...options[kind] });
    formats.set(key, format);
  }
  return format;
}
