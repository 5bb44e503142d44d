/** An object somewhere in a plan. */
export type Part = Readonly<Record<string, unknown>>;

/** A copy in which some parts are others; what holds none of them is the same object as before. */
export function replaceParts(node: unknown, replace: (part: Part) => Part | null): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) {
    // Of numbers and texts, however many.
    if (typeof node[0] !== 'object') return node;
    const items = node.map((item) => replaceParts(item, replace));
    return items.every((item, i) => item === node[i]) ? node : items;
  }
  const part = node as Part;
  const other = replace(part);
  if (other !== null) return other;
  let changed: Record<string, unknown> | null = null;
  for (const [key, value] of Object.entries(part)) {
    const own = replaceParts(value, replace);
    if (own !== value) (changed ??= { ...part })[key] = own;
  }
  return changed ?? part;
}
