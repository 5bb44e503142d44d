/** The value with its numbers cut to what the order of additions cannot change: for comparisons. */
export function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(11)) + 0;
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, rounded(own)]));
}
