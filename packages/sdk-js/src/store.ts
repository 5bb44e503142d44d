import type { Surroundings } from './surroundings.ts';

/** What is kept for one project. Nothing here throws: without storage the page's memory has to do. */
export interface Store {
  read(name: string): unknown;
  write(name: string, value: unknown): void;
  remove(name: string): void;
  /** Names that begin so, of this project alone. */
  names(start: string): readonly string[];
}

/** Keys are `arb_`, six characters made from the token, `_` and the name. */
export function openStore({ storage }: Surroundings, token: string): Store {
  const prefix = `arb_${hash(token)}_`;
  return {
    read(name) {
      try {
        return JSON.parse(storage?.getItem(prefix + name) ?? 'null');
      } catch {
        return null;
      }
    },
    write(name, value) {
      try {
        storage?.setItem(prefix + name, JSON.stringify(value));
      } catch {
        // Full or denied: what is in memory stays the truth of this page.
      }
    },
    remove(name) {
      try {
        storage?.removeItem(prefix + name);
      } catch {
        // As above; a queue that stays is sent again, and the server drops what it knows.
      }
    },
    names(start) {
      try {
        const all = storage?.keys() ?? [];
        return all
          .filter((key) => key.startsWith(prefix + start))
          .map((key) => key.slice(prefix.length));
      } catch {
        return [];
      }
    },
  };
}

/** FNV-1a, to tell projects apart that share an origin; not a secret. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36).padStart(6, '0').slice(-6);
}
