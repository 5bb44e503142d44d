import type { Store } from './store.ts';
import { parse } from './store.ts';

type Values = Readonly<Record<string, unknown>>;

/** Who is in front of the screen, as far as the page knows. Kept over reloads; its names are on disk. */
export interface Identity {
  readonly deviceId: string;
  readonly userId?: string;
  /** Super properties: sent with each event. */
  readonly properties: Values;
  /** Those of the session alone, which ends some time after `at`, ms, its last use. */
  readonly session?: { readonly at: number; readonly properties: Values };
}

const name = 'id';

export interface IdentityKeeper {
  /** As it is now: another page may have changed it. */
  read(): Identity;
  write(identity: Identity): Identity;
}

/** `create` makes a device's id. A damaged value counts as none. */
export function keepIdentity(store: Store, create: () => string): IdentityKeeper {
  let identity: Identity | undefined;
  const write = (next: Identity): Identity => {
    store.write(name, JSON.stringify(next));
    return (identity = next);
  };
  return {
    read() {
      const kept = parse(store.read(name)) as Identity | null;
      // Emptied or damaged by somebody: what this page knows holds.
      return kept?.deviceId
        ? (identity = kept)
        : write(identity ?? { deviceId: create(), properties: {} });
    },
    write,
  };
}

/** What broken code passes for an id: taking it would make one user of everybody it happens to. */
const noIdentity =
  /^(|undefined|null|nil|none|nan|0|-1|true|false|\[object object\]|anonymous|guest|[0-]+)$/i;
const idCharactersMax = 255;

/** The id as text; undefined when it identifies nobody. */
export function readUserId(given: unknown): string | undefined {
  const id = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
  return noIdentity.test(id) || id.length > idCharactersMax ? undefined : id;
}
