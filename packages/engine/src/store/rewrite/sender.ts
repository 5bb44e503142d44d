import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import { identifierText } from '../../identity/links.ts';
import { devicePrefix, namesSomebody } from '../../identity/identifier.ts';

/**
 * By row the identifier that decided whose the row is, as `ownIdentifierOf` (identity/links.ts) says of a record: the
 * distinct id as sent, but a device's gives way to the user that the event names.
 */
export function sendersOf(
  rows: SegmentRows,
  userId: (ordinal: number) => string,
): (row: number) => string {
  const named = rows.properties.find(({ name }) => name === '$user_id');
  return (row) => {
    const code = rows.sentIds[row];
    const sent = code === 0 ? userId(rows.users[row]) : rows.sentIdTexts[code];
    if (named === undefined || !sent.startsWith(devicePrefix)) return sent;
    const user = identifierText(named.values[named.codes[row]] ?? undefined);
    return user !== null && namesSomebody(user) ? user : sent;
  };
}
