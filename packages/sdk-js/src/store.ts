import type { KeyValueStore, Surroundings } from './surroundings.ts';

/** What is kept for one project. Nothing here throws: without storage the page's memory has to do. */
export interface Store {
  read(name: string): string | null;
  write(name: string, text: string): void;
  remove(name: string): void;
  /** Names that begin so, of this project alone, in order. */
  names(start: string): readonly string[];
}

/** Keys are `arb_`, six characters made from the token, `_` and the name. */
export function openStore({ storage }: Surroundings, token: string): Store {
  const prefix = `arb_${hash(token)}_`;
  let from: KeyValueStore | undefined;
  // Full or denied: what is in memory stays the truth of this page.
  const attempt = <Result>(run: (from: KeyValueStore) => Result): Result | null => {
    try {
      from ??= storage();
      return from ? run(from) : null;
    } catch {
      return null;
    }
  };
  return {
    read: (name) => attempt((open) => open.getItem(prefix + name)),
    write: (name, text) => attempt((open) => open.setItem(prefix + name, text)),
    remove: (name) => attempt((open) => open.removeItem(prefix + name)),
    names: (start) =>
      (attempt(Object.keys) ?? [])
        .filter((key) => key.startsWith(prefix + start))
        .map((key) => key.slice(prefix.length))
        .sort(),
  };
}

/** What a text of storage says; null where it is damaged or missing. */
export function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

/** FNV-1a, to tell projects apart that share an origin; not a secret. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36).padStart(6, '0').slice(-6);
}
