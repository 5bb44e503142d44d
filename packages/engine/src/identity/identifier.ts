import { isForbiddenId } from '@arbor/schema/forbidden-ids';

export type IdentifierKind = 'anonymous' | 'identified';

/** Prefix that clients put before a device id to make an identifier of it. */
export const devicePrefix = '$device:';

const uuidVersion4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** By its form alone; a link may show later that it names a known user (SPEC.md, Words). */
export function kindOfForm(identifier: string): IdentifierKind {
  return identifier.startsWith(devicePrefix) || uuidVersion4.test(identifier)
    ? 'anonymous'
    : 'identified';
}

/** At four bytes a character this stays below the longest key of a PostgreSQL index (2,704 bytes). */
const identifierCharactersMax = 512;

/**
 * Whether the map can hold it. PostgreSQL's text has no NUL, and half a surrogate pair would come
 * back as another string. Such an identifier is its own user and is never linked.
 */
export function isMappable(identifier: string): boolean {
  return (
    identifier.length > 0 &&
    identifier.length <= identifierCharactersMax &&
    !identifier.includes('\u0000') &&
    !/\p{Surrogate}/u.test(identifier)
  );
}

/**
 * Whether an identifier names somebody. What programs print where they have no id names nobody, also
 * as a device: linked once, it would make one user of everybody whose page has the same fault.
 */
export function namesSomebody(identifier: string): boolean {
  const id = identifier.startsWith(devicePrefix)
    ? identifier.slice(devicePrefix.length)
    : identifier;
  return id !== '' && !isForbiddenId(id);
}
