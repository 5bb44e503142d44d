import { z } from 'zod';

/** An IANA name that this runtime knows, for example Europe/Berlin. */
export const timezoneSchema = z
  .string()
  .refine(isTimezone, { error: 'must be an IANA time zone, for example Europe/Berlin' });

function isTimezone(name: string): boolean {
  // Offsets like +01:00 pass Intl but have no daylight-saving rules: a project wants a place.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Names that people give: no control characters, which PostgreSQL, terminals and tables choke on. */
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

/** An origin as browsers send it, without a path; a star stands for all names below. */
export const originSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(255)
  .regex(
    /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/,
    'must be an origin, for example https://shop.example or https://*.shop.example',
  )
  // Browsers never send the port that the scheme has anyway.
  .overwrite((origin) => origin.replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2'));

/** Beyond PostgreSQL's integer no project exists either. */
export function isProjectId(id: number): boolean {
  return Number.isInteger(id) && id >= 1 && id <= 0x7fff_ffff;
}
