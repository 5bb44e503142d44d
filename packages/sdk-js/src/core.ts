import { guard } from './guard.ts';
import type { Identity, IdentityKeeper } from './identity.ts';
import { keepIdentity, readUserId } from './identity.ts';
import type { Consent, Options, WireRecord } from './options.ts';
import { pageProperties } from './page.ts';
import type { Queue } from './queue.ts';
import { openQueue } from './queue.ts';
import type { OnTrouble } from './repair.ts';
import type { Sender } from './sender.ts';
import { createSender } from './sender.ts';
import { openStore, parse } from './store.ts';
import type { Surroundings } from './surroundings.ts';

export const version = '1.0.0';

export type Report = 'record' | 'sent' | 'refused' | 'dropped' | 'error';
type Values = Readonly<Record<string, unknown>>;
export interface Ids {
  readonly distinctId: string;
  readonly deviceId: string;
  readonly userId?: string;
}

/** What is fixed at the call, whatever becomes of the record: it is equal in each delivery. */
export interface Moment {
  readonly time: number;
  readonly insertId: string;
  readonly page: Values;
}

/** How many records were given up, and why. */
interface Lost extends Values {
  readonly $dropped: number;
  readonly $dropped_reason: string;
}

/** What the public functions share. */
export interface Core {
  readonly keeper: IdentityKeeper;
  /** Undefined where there is none: nothing is allowed yet, or nobody is to be known. */
  ids(): Ids | undefined;
  readonly moment: () => Moment;
  /** Runs now, when consent is given, or never. */
  readonly whenAllowed: (run: () => void) => void;
  putEvent(name: string, properties: Values, moment: Moment, urgent?: boolean): void;
  /** `of`: the fields that name a group; of the user without. */
  putUpdate(operator: string, values: unknown, of?: Values): void;
  consent(): Consent;
  readonly allow: (consent: Consent) => void;
  flush(): Promise<{ sent: number; left: number }>;
  joinUser(userId: unknown): void;
}

const sessionMs = 1_800_000;
/** A clock that is off by less is left alone (SDK-TM2). */
const clockToleranceMs = 60_000;
const heldMax = 500;
/** How long a delivery waits for the part that mends trouble. */
const repairMs = 5000;
const consentName = 'out';
const droppedName = 'd';

/** `report` hears of everything that happens to a record. */
export function createCore(
  token: string,
  options: Options,
  surroundings: Surroundings,
  report: (type: Report, info: Values) => void,
): Core {
  const { now, uuid, characters, page } = surroundings;
  const { beforeSend, persistence, host, apiHost, path } = options;
  const store = openStore(surroundings, token);
  const keeper = keepIdentity(store, () => options.deviceId ?? uuid());
  /** How many records were given up, and why; not told yet. */
  let lost = parse(store.read(droppedName)) as Lost | null;
  let offset = 0;
  let sent = 0;
  let held: (() => void)[] = [];
  let queue: Queue | undefined;
  let sender: Sender;
  let state: Consent =
    options.respectDnt && surroundings.refusesTracking ? 'denied' : (options.consent ?? 'granted');

  const consent = (): Consent => (store.read(consentName) ? 'denied' : state);
  const isGranted = (): boolean => consent() === 'granted';
  /** Undefined when it does not come soon; nothing is lost by waiting for it another time. */
  const onTrouble: OnTrouble = (run) =>
    Promise.race([
      surroundings.loadRepair().then(run),
      new Promise<undefined>((resolve) => surroundings.after(repairMs, () => resolve(undefined))),
    ]).catch(() => undefined);
  const start = (): void => {
    if (queue || !isGranted()) return;
    queue = openQueue(
      store,
      surroundings,
      { recordsMax: options.batchSize ?? 50, bytesMax: options.maxBytes ?? 1_000_000 },
      onTrouble,
      () => sender.nudge(),
      (count, reason) => {
        lost = { $dropped: (lost?.$dropped ?? 0) + count, $dropped_reason: reason };
        store.write(droppedName, JSON.stringify(lost));
        report('dropped', { count, reason });
      },
    );
    sender = createSender(queue, store, surroundings, {
      url: (host ?? apiHost ?? '').replace(/\/+$/, '') + (path ?? ''),
      batchSize: options.batchSize ?? 50,
      batchMs: options.batchMs ?? 2000,
      isAllowed: isGranted,
      onTrouble,
      onClock(ms) {
        offset = Math.abs(ms) > clockToleranceMs ? Math.round(ms) : 0;
      },
      report(type, info) {
        if (type === 'sent') sent += info['count'] as number;
        report(type, info);
      },
    });
  };

  const ids = (): Ids | undefined => {
    if (persistence === 'none' || !isGranted()) return;
    const { deviceId, userId } = keeper.read();
    return { distinctId: userId ?? `$device:${deviceId}`, deviceId, ...(userId && { userId }) };
  };
  /** The three identifiers each record carries. */
  const idProperties = (prefix: string): Values => {
    const known = ids();
    if (!known) return { $cookieless: true };
    const { distinctId, deviceId: $device_id, userId: $user_id } = known;
    return { [`${prefix}distinct_id`]: distinctId, $device_id, $user_id };
  };
  /** Super properties of the session, which each use keeps alive, and of the device. */
  const superProperties = (): Values => {
    const { session, properties } = keeper.read();
    return { ...(session && now() - session.at < sessionMs && session.properties), ...properties };
  };

  const put = (record: WireRecord, urgent?: boolean): void => {
    let changed: WireRecord | null = record;
    // A filter of the page that fails drops nothing.
    guard(
      () => {
        if (beforeSend) changed = beforeSend(record);
      },
      (message) => report('error', { message }),
    )();
    start();
    if (!changed || !queue) return;
    report('record', changed);
    queue.add(JSON.stringify(changed));
    sender.nudge(urgent);
  };
  /** What was lost since the last event, told once. */
  const dropped = (): Lost | null => {
    const told = lost;
    if (told) store.remove(droppedName);
    lost = null;
    return told;
  };

  const core: Core = {
    keeper,
    ids,
    moment: () => ({
      time: now() + offset,
      insertId: characters(22),
      page: { ...pageProperties(page(), options), $clock_offset: offset || undefined },
    }),
    whenAllowed(run) {
      const current = consent();
      if (current === 'granted') run();
      else if (current === 'pending' && held.length < heldMax) held.push(run);
    },
    putEvent(event, properties, { time, insertId, page: automatic }, urgent) {
      put(
        {
          event,
          properties: {
            ...automatic,
            ...superProperties(),
            ...properties,
            ...dropped(),
            token,
            time,
            ...idProperties(''),
            $insert_id: insertId,
            mp_lib: 'arbor-web',
            $lib_version: version,
          },
        },
        urgent,
      );
    },
    putUpdate(operator, values, of) {
      put({
        $token: token,
        ...(of ?? idProperties('$')),
        $time: now() + offset,
        $insert_id: characters(22),
        [operator]: values,
      });
    },
    consent,
    allow(next) {
      state = next;
      if (next === 'denied') {
        queue?.clear();
        for (const name of store.names('')) store.remove(name);
        keeper.write({ deviceId: uuid(), properties: {} });
        store.remove('id');
        store.write(consentName, '1');
      } else store.remove(consentName);
      if (next === 'pending') return;
      const waiting = held;
      held = [];
      start();
      if (queue && next === 'granted') waiting.forEach((run) => run());
    },
    async flush() {
      const before = sent;
      if (queue) await sender.flush();
      return { sent: sent - before, left: queue?.length ?? held.length };
    },
    joinUser(given) {
      const userId = readUserId(given);
      const before: Identity = keeper.read();
      if (!userId) report('refused', { code: 'identity', record: given });
      if (!userId || before.userId === userId) return;
      // One device never joins two users: whoever comes second gets a new one.
      const isShared = before.userId && !options.keepDevice;
      const deviceId = isShared ? uuid() : before.deviceId;
      keeper.write({ ...before, deviceId, userId });
      const properties = { $identified_id: userId, $anon_id: `$device:${deviceId}` };
      core.putEvent('$identify', properties, core.moment());
    },
  };
  start();
  return core;
}
