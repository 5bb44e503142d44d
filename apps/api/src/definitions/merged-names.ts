import type { LexiconEntry } from '@arbor/schema/definitions';

/** All names that are read as the same thing, the one that others were merged into first; by each of them. */
export type MergedNames = ReadonlyMap<string, readonly string[]>;

/** Names that stand for themselves alone are left out. */
export function mergedNames(
  entries: readonly Pick<LexiconEntry, 'name' | 'mergedInto'>[],
): MergedNames {
  const targets = new Map<string, string>();
  for (const { name, mergedInto } of entries) {
    if (mergedInto !== null) targets.set(name, mergedInto);
  }
  const groups = new Map<string, string[]>();
  for (const name of [...targets.keys()].sort()) {
    const target = mergedTarget(name, targets);
    const group = groups.get(target) ?? [target];
    groups.set(target, group);
    if (name !== target) group.push(name);
  }
  return new Map(
    [...groups.values()].flatMap((group) => group.map((name) => [name, group] as const)),
  );
}

/** The name that this one is read as in the end. */
export function mergedTarget(name: string, targets: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let target = name;
  // A circle cannot be saved; a database that has one all the same must not hang.
  for (let next = targets.get(target); next !== undefined && !seen.has(next);) {
    seen.add(next);
    target = next;
    next = targets.get(target);
  }
  return target;
}
