/** No reason of ours is longer without what it quotes. */
const charactersMax = 300;
const fieldCharactersMax = 200;

/**
 * Why a record is refused, without what it said: what stands between double quotes goes, so that a reason counts as one
 * however many records it is true of, and names nobody. What JSON.parse says of a line quotes it without quotes, too.
 */
export function reasonText(message: string): string {
  const plain = message
    .replace(/^(line is not valid json):.*$/s, '$1')
    .replace(/".*"/s, '"…"')
    .trim();
  return plain.length > charactersMax ? `${plain.slice(0, charactersMax)}…` : plain;
}

/** Of a path that a record made up, such as a property's name, only the beginning. */
export function fieldText(field: string): string {
  return field.length > fieldCharactersMax ? `${field.slice(0, fieldCharactersMax)}…` : field;
}
