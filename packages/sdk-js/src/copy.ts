const depthMax = 8;
const charactersMax = 8000;
/** Of objects and lists together: what hangs together in all directions, such as `window`, would take minutes. */
const holdersMax = 1000;

/**
 * A copy of whatever the page handed over that JSON can hold, taken at once, so that later changes by
 * the page have no effect. Cycles and depths end, what JSON does not know is left out; `onCut` hears that
 * something was cut. A property that is `undefined` stays there, to hide one below it.
 */
export function copy(value: unknown, onCut: () => void, depth = 0, seen: unknown[] = []): unknown {
  if (value instanceof Date) return value.toJSON();
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && value.length > charactersMax) {
    onCut();
    return value.slice(0, charactersMax);
  }
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || !value) return value;
  if ('nodeType' in value) return undefined;
  if (depth > depthMax || seen.push(0) > holdersMax) {
    onCut();
    return undefined;
  }
  const result: Record<string, unknown> = Array.isArray(value) ? ([] as never) : {};
  for (const name of Object.keys(value)) {
    try {
      if (name !== '__proto__') {
        result[name] = copy((value as Record<string, unknown>)[name], onCut, depth + 1, seen);
      }
    } catch {
      // A getter of the page threw: the property has no value.
    }
  }
  return result;
}
