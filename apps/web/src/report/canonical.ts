/** One text for values that mean the same, whatever order their fields came in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, own: unknown) => {
    if (typeof own !== 'object' || own === null || Array.isArray(own)) return own;
    return Object.fromEntries(Object.entries(own).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
