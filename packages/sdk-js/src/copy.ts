const depthMax = 8;
const charactersMax = 8000;

/**
 * A copy of whatever the page handed over that JSON can hold, taken at once, so that later changes by
 * the page have no effect. Cycles and depths end, what JSON does not know is left out; what was cut says
 * so by `$truncated`. A property that is `undefined` stays there, to hide one below it.
 */
export function copyProperties(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || !given || Array.isArray(given)) return {};
  const cut = { $truncated: false };
  const copied = copy(given, 0, cut);
  return { ...Object(copied), ...(cut.$truncated ? cut : {}) } as Record<string, unknown>;
}

function copy(value: unknown, depth: number, cut: { $truncated: boolean }): unknown {
  if (typeof value === 'string') {
    if (value.length > charactersMax) cut.$truncated = true;
    return value.slice(0, charactersMax);
  }
  if (typeof value === 'bigint') return String(value);
  // Of numbers JSON knows the finite ones.
  if (typeof value === 'boolean' || value === null || Number.isFinite(value)) return value;
  if (typeof value !== 'object' || 'nodeType' in value) return undefined;
  if (depth === depthMax) {
    cut.$truncated = true;
    return undefined;
  }
  if (value instanceof Date) return value.toJSON();
  if (Array.isArray(value)) {
    return value
      .map((item: unknown) => copy(item, depth + 1, cut))
      .filter((item) => item !== undefined);
  }
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    try {
      if (name !== '__proto__') {
        result[name] = copy((value as Record<string, unknown>)[name], depth + 1, cut);
      }
    } catch {
      // A getter of the page threw: the property has no value.
    }
  }
  return result;
}
