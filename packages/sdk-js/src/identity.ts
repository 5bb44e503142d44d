import type { Store } from './store.ts';
import type { Surroundings } from './surroundings.ts';

/** Who is in front of the screen, as far as the page knows. Kept over reloads. */
export interface Identity {
  readonly deviceId: string;
  readonly userId?: string;
  /** Super properties: sent with each event. */
  readonly properties: Readonly<Record<string, unknown>>;
}

const name = 'id';

/** What an earlier page left, or a new device. A damaged value counts as none. */
export function readIdentity(store: Store, { uuid }: Surroundings): Identity {
  const kept = store.read(name) as Partial<Identity> | null;
  if (kept && typeof kept.deviceId === 'string') {
    const { deviceId, userId, properties } = kept;
    const known = typeof userId === 'string' ? { userId } : {};
    return { deviceId, ...known, properties: { ...properties } };
  }
  return createIdentity(store, uuid());
}

export function createIdentity(store: Store, deviceId: string): Identity {
  return keepIdentity(store, { deviceId, properties: {} });
}

export function keepIdentity(store: Store, identity: Identity): Identity {
  store.write(name, identity);
  return identity;
}

/** The three identifiers each record carries. */
export function identifiersOf({ deviceId, userId }: Identity): {
  distinctId: string;
  ids: Record<string, string>;
} {
  return {
    distinctId: userId ?? `$device:${deviceId}`,
    ids: { $device_id: deviceId, ...(userId === undefined ? {} : { $user_id: userId }) },
  };
}
