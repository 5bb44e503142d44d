import { cutText } from '@arbor/schema/cut-text';
import { limits } from '@arbor/schema/limits';
import type { PropertyValue } from '@arbor/schema/property-value';

/**
 * A parsed JSON value as ingestion would store it; undefined = it would be refused or repaired, which is
 * left to ingestion itself. Strings are cut; of lists and objects only those pass that stay as they are.
 */
export function cleanValue(value: unknown): PropertyValue | undefined {
  if (typeof value === 'string') {
    const cut = cutText(value);
    return isPlain(cut) ? cut : undefined;
  }
  return isClean(value, 0, 0) ? value : undefined;
}

/** A name of an event or a property as it is stored; undefined as with `cleanValue`. */
export function cleanName(name: string): string | undefined {
  const cut = cutText(name);
  return cut !== '' && isPlain(cut) ? cut : undefined;
}

/** An identifier that is stored as it was sent. */
export const isPlainId = (id: string): boolean =>
  id !== '' && id.length <= limits.stringCharactersMax && isPlain(id);

/** What PostgreSQL cannot hold in an identifier, and halves of surrogate pairs: ingestion repairs or refuses them. */
const notPlain = /[\0\p{Surrogate}]/u;

const isPlain = (text: string): boolean => !notPlain.test(text);

/** `objects` and `lists`: how many containers of each kind the value lies in. */
function isClean(value: unknown, objects: number, lists: number): value is PropertyValue {
  if (typeof value === 'string')
    return value.length <= limits.stringCharactersMax && isPlain(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean' || value === null) return true;
  if (Array.isArray(value)) {
    if (lists >= limits.nestingDepthMax || value.length > limits.listItemsMax) return false;
    return value.every((item) => isClean(item, objects, lists + 1));
  }
  if (typeof value !== 'object') return false;
  const members = Object.entries(value);
  if (objects >= limits.nestingDepthMax || members.length > limits.keysPerObjectMax) return false;
  return members.every(
    ([name, member]) =>
      name !== '__proto__' &&
      name.length <= limits.stringCharactersMax &&
      isPlain(name) &&
      isClean(member, objects + 1, lists),
  );
}
