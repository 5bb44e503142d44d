const depthMax = 8;
const charactersMax = 8000;

/**
 * A copy of whatever the page handed over that JSON can hold, taken at once, so that later changes by
 * the page have no effect. Cycles and depths end, what JSON does not know is left out.
 */
export function copyProperties(given: unknown): Record<string, unknown> {
  const copied = typeof given === 'object' && given && !Array.isArray(given) ? copy(given, 0) : 0;
  return (copied || {}) as Record<string, unknown>;
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, charactersMax);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'object') return value && copyObject(value, depth);
  return typeof value === 'boolean' ? value : undefined;
}

function copyObject(value: object, depth: number): unknown {
  if (depth === depthMax || 'nodeType' in value) return undefined;
  if (value instanceof Date) return Number.isNaN(+value) ? undefined : value.toISOString();
  if (Array.isArray(value)) {
    return value.map((item: unknown) => copy(item, depth + 1)).filter((item) => item !== undefined);
  }
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    try {
      const item = copy((value as Record<string, unknown>)[name], depth + 1);
      if (item !== undefined && name !== '__proto__') result[name] = item;
    } catch {
      // A getter of the page threw: the property has no value.
    }
  }
  return result;
}
