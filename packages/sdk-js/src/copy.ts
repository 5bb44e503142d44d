import { NativeDate } from './natives.ts';

/**
 * How deep a value lies, in one number, by what the server takes of a property (`ingestion-api.md` 9.5): three objects
 * in each other and three lists. The lowest bits count objects, from three, since what is handed over is one itself;
 * those from 16 on count lists. A fifth object or a fourth list sets a bit of `tooDeep`.
 */
const outside = 3;
const object = 1;
const list = 16;
const tooDeep = 8 | 64;
/** Of an object or list within a property, from 0; a longer one would have the whole record refused. */
const lastMember = 254;
const charactersMax = 8000;
/** Of objects and lists together: what hangs together in all directions, such as `window`, would take minutes. */
const holdersMax = 1000;

/**
 * A copy of whatever the page handed over that JSON can hold, taken at once, so that later changes by
 * the page have no effect. Cycles and depths end, what JSON does not know is left out; `onCut` hears that
 * something was cut. A property that is `undefined` stays there, to hide one below it.
 */
export function copy(
  value: unknown,
  onCut: () => void,
  depth = outside,
  seen: unknown[] = [],
): unknown {
  if (value instanceof NativeDate) return value.toJSON();
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value === 'string' && value.length > charactersMax) {
    onCut();
    return value.slice(0, charactersMax);
  }
  if (typeof value === 'function' || (Object(value) as Node).nodeType) return undefined;
  if (Object(value) !== value) return value;
  const isList = Array.isArray(value);
  const within = depth + (isList ? list : object);
  if (within & tooDeep || seen.push(0) > holdersMax) {
    onCut();
    return undefined;
  }
  const result: Record<string, unknown> = isList ? ([] as never) : {};
  // Old libraries give all lists a method by which JSON makes texts of them.
  if (isList) result['toJSON'] = undefined;
  Object.keys(value as object).forEach((name, i) => {
    try {
      if (i > lastMember && depth > outside) onCut();
      else if (name !== '__proto__') {
        result[name] = copy((value as Record<string, unknown>)[name], onCut, within, seen);
      }
    } catch {
      // A getter of the page threw: the property has no value.
    }
  });
  return result;
}
