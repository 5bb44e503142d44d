import { stringify } from './natives.ts';
import type { Store } from './store.ts';
import { parse } from './store.ts';
import type { Surroundings } from './surroundings.ts';

type Values = Readonly<Record<string, unknown>>;

/** Who is in front of the screen, as far as the page knows. Kept over reloads; its names are on disk. */
export interface Identity {
  readonly deviceId: string;
  readonly userId?: string | undefined;
  /** Super properties: sent with each event. */
  readonly properties: Values;
  /** Those of the session alone, which ends some time after its last use. */
  readonly session?: Values | undefined;
  /** The last use, ms. */
  readonly at?: number;
}

const name = 'id';
const sessionMs = 1_800_000;

export interface IdentityKeeper {
  /** As it is now, without a session that has ended: another page may have changed it. */
  read(): Identity;
  write(identity: Identity): void;
}

/** `given`: a device's id to begin with, in place of a random one. A damaged value counts as none. */
export function keepIdentity(
  disk: Store,
  { uuid, now }: Surroundings,
  given: string | undefined,
): IdentityKeeper {
  let identity: Identity | undefined;
  const keeper: IdentityKeeper = {
    read() {
      const kept = parse(disk.read(name)) as Identity | null;
      if (kept?.deviceId) identity = kept;
      // Emptied or damaged by somebody: what this page knows holds.
      else keeper.write((identity ??= { deviceId: given ?? uuid(), properties: {} }));
      const { at = 0 } = identity;
      return now() - at < sessionMs ? identity : { ...identity, session: {} };
    },
    write(next) {
      identity = { ...next, at: now() };
      disk.write(name, stringify(identity));
    },
  };
  return keeper;
}

/** What broken code passes for an id: taking it would make one user of everybody it happens to. */
const noIdentity =
  /^(|undefined|null|nil|none|nan|-1|true|false|\[object.*|anonymous|guest|[0-]+)$/i;
const idCharactersMax = 255;

/** The id as text; undefined when it identifies nobody. */
export function readUserId(given: unknown): string | undefined {
  // A string or a number: no other type has this letter.
  const id = /r/.test(typeof given) ? `${given as string}`.trim() : '';
  return noIdentity.test(id) || id.length > idCharactersMax ? undefined : id;
}
