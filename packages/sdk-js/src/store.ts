import { parseJson } from './natives.ts';
import type { KeyValueStore, Surroundings } from './surroundings.ts';

/** What is kept for one project. Nothing here throws: what storage does not take, the page's memory keeps. */
export interface Store {
  read(name: string): string | null;
  write(name: string, text: string | number): void;
  erase(this: void, name: string): void;
  /** Names that begin so, of this project alone, in order. */
  names(start: string): string[];
}

/** Keys are `arb_`, six characters made from the token, `_` and the name. */
export function openStore({ openStorage }: Surroundings, token: string): Store {
  const prefix = `arb_${hash(token)}_`;
  /** What could not be stored: denied, full, or not wanted. */
  const memory: Record<string, string> = {};
  const keyOf = (name: string): string => prefix + name;
  const attempt = <Result>(run: (storage: KeyValueStore) => Result): Result | null => {
    try {
      // Not wanted: that throws too.
      return run(openStorage() as KeyValueStore);
    } catch {
      return null;
    }
  };
  return {
    read: (name) => memory[name] ?? attempt((storage) => storage.getItem(keyOf(name))),
    write(name, text) {
      memory[name] = text as string;
      attempt((storage) => {
        storage.setItem(keyOf(name), text as string);
        delete memory[name];
      });
    },
    erase(name) {
      delete memory[name];
      attempt((storage) => storage.removeItem(keyOf(name)));
    },
    names: (start) =>
      [...Object.keys(memory).map(keyOf), ...(attempt(Object.keys) ?? [])]
        .filter((key) => key.startsWith(keyOf(start)))
        .map((key) => key.slice(prefix.length))
        .sort(),
  };
}

/** What a text of storage says; null where it is damaged or missing. */
export function parse(text: string | null | undefined): unknown {
  try {
    return parseJson(text as string);
  } catch {
    return null;
  }
}

/** To tell projects apart that share an origin; not a secret. */
export function hash(text: string): string {
  let h = 0;
  for (const character of text) h = Math.imul(h, 33) ^ character.charCodeAt(0);
  // More than six digits, so that there are six to take.
  return ((h >>> 0) + 36 ** 6).toString(36).slice(-6);
}
