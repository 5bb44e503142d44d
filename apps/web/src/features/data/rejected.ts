import type { Refusal } from '@arbor/schema/ingestion-health';

/** Tells groups of refused records apart, in the URL, too. */
export function refusalKey({ source, field, reason }: Refusal): string {
  return JSON.stringify([source, field, reason]);
}

/** What a reason or a field has in it, and what to do about it; the first that fits counts. */
const remedies: readonly { readonly fits: RegExp; readonly text: string }[] = [
  {
    fits: /^(\$\w+: )?(the|a) profile has/,
    text: 'The update came in, but part of it does not fit the profile that it is for: the property that the reason names holds a value of another kind, or there are too many. Set another property, or remove what is there first.',
  },
  {
    fits: /json/i,
    text: 'The body is cut off or not JSON. Send each record as one JSON object, encoded once, and let the library do it where there is one.',
  },
  {
    fits: /identifies nobody/,
    text: 'The identifier is a placeholder such as "null" or "undefined": everybody would become one user. Send an identifier only when there is one, and none before.',
  },
  {
    fits: /must not be missing/,
    text: 'The field is not there. Add it where the record is made; of an import, choose the column that holds it.',
  },
  {
    fits: /future/,
    text: 'The clock of the sender is ahead, or milliseconds were taken for seconds. Send seconds or milliseconds since 1970 in UTC.',
  },
  {
    fits: /time|epoch|1971/,
    text: 'Send the time as seconds or milliseconds since 1970 in UTC, or as ISO 8601.',
  },
  {
    fits: /token/,
    text: 'Copy the token of this project from Connect: it stands in the properties of each event, and as $token in each profile update.',
  },
  {
    fits: /insert_id/,
    text: 'An $insert_id has up to 36 letters, digits or "-", and is the same for copies of one event alone. Leave it out, and one is made.',
  },
  {
    fits: /max limit|longer than|too large|more than/,
    text: 'The record is larger than is stored. Send fewer or shorter properties; long texts belong into a store of their own, with their address as property.',
  },
  {
    fits: /utf8|string/,
    text: 'The value is of another type. Send text as text: a number or an object is not turned into one.',
  },
];

export function remedyOf({ field, reason }: Pick<Refusal, 'field' | 'reason'>): string {
  const found = remedies.find(({ fits }) => fits.test(`${reason} ${field}`));
  return found?.text ?? 'Correct the field that the reason names where the record is made.';
}

/** The record as it came, in lines; what was cut or is no JSON stays as it is. */
export function prettyRecord(record: string): string {
  try {
    return JSON.stringify(JSON.parse(record), null, 2);
  } catch {
    return record;
  }
}
