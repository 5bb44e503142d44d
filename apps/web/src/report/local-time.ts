/**
 * Times as "YYYY-MM-DDTHH:MM:SS+02:00", local to the project's zone and with its offset then, so that an hour that comes
 * twice is one of the two.
 */
export type LocalTime = string;

/** The local time in a zone at an instant. */
export function localTimeIn(timezone: string, instantMs: number): LocalTime {
  // Swedish writes dates and times as ISO 8601 does.
  const wall = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
    .format(instantMs)
    .replace(' ', 'T');
  const second = Math.floor(instantMs / 1000) * 1000;
  return wall + offsetText(Date.parse(`${wall}Z`) - second);
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}

export function hasTime(text: string): boolean {
  return text.length > 10;
}

/** "09:30" */
export function timeLabel(text: string): string {
  return text.slice(11, 16);
}

const offset = /[+-]\d{2}:\d{2}$/;

/** Of times without an offset: as if each day had 24 hours. */
function instantOf(time: LocalTime): number {
  return Date.parse(offset.test(time) ? time : `${time}Z`);
}

/** Both ends inside, to the second. */
export function lengthMs(from: LocalTime, to: LocalTime): number {
  return instantOf(to) - instantOf(from) + 1000;
}

/** So much later, written with the same offset: a change of the clock between moves the wall, not the length. */
export function addMs(time: LocalTime, ms: number): LocalTime {
  const [own = ''] = offset.exec(time) ?? [];
  const wall = own === '' ? time : time.slice(0, -own.length);
  return new Date(Date.parse(`${wall}Z`) + ms).toISOString().slice(0, 19) + own;
}
