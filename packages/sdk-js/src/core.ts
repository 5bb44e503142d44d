import type { Context } from './context.ts';
import { guard } from './guard.ts';
import type { Identity, IdentityKeeper } from './identity.ts';
import { keepIdentity, readUserId } from './identity.ts';
import type { Consent, Options, WireRecord } from './options.ts';
import { droppedName, openQueue } from './queue.ts';
import type { Repair } from './repair.ts';
import { createSender } from './sender.ts';
import { openStore, parse } from './store.ts';
import type { Surroundings } from './surroundings.ts';

export const version = '1.0.0';

export type Report = 'record' | 'sent' | 'refused' | 'dropped' | 'error';
type Values = Readonly<Record<string, unknown>>;
export interface Ids extends Identity {
  /** The user's id, else `$device:` and that of the device. */
  readonly distinctId: string;
}

/** What is fixed at the call, whatever becomes of the record: it is equal in each delivery. */
export interface Moment {
  /** The page's clock and the one that never jumps, ms. */
  readonly at: number;
  readonly steady: number;
  /** By the server's clock, as far as it is known. */
  time: number;
  /** The record's `$insert_id`. */
  mark: string;
  readonly page: Record<string, unknown>;
}

/** What the public functions share. */
export interface Core {
  readonly keeper: IdentityKeeper;
  /** Undefined where there is none: nothing is allowed yet, or nobody is to be known. */
  ids(): Ids | undefined;
  readonly moment: () => Moment;
  /** Runs now, when consent is given, or never. */
  readonly whenAllowed: (run: () => void) => void;
  putEvent(name: string, properties: Values | undefined, moment: Moment, urgent?: boolean): void;
  /** `of`: the fields that name a group; of the user without. */
  putUpdate(operator: string, values: unknown, moment: Moment, of?: Values): void;
  consent(): Consent;
  readonly allow: (consent: Consent) => void;
  /** Resolves to how many records wait. */
  flush(): Promise<number>;
  joinUser(userId: unknown, moment: Moment): void;
}

/** A clock that is off by less is left alone (SDK-TM2). */
const clockToleranceMs = 60_000;
const heldMax = 500;
/** How long a delivery waits for the part that mends trouble. */
const repairMs = 5000;
/** A part that was blocked is not asked for more often. */
const askAgainMs = 60_000;
const consentName = 'out';

/** `report` hears of everything that happens to a record. */
export function createCore(
  token: string,
  options: Options,
  surroundings: Surroundings,
  report: (type: Report, info: Values) => void,
): Core {
  const { now, monotonic, uuid, after, characters, page } = surroundings;
  const { beforeSend, persistence } = options;
  const stored = openStore(surroundings, token);
  const disk = options.store?.(stored, token) ?? stored;
  const keeper = keepIdentity(disk, surroundings, options.deviceId);
  let offset = 0;
  let held: (() => void)[] = [];
  let state: Consent =
    options.respectDnt && surroundings.refusesTracking ? 'denied' : (options.consent ?? 'granted');
  let loading: Promise<Repair | undefined> | undefined;

  const consent = (): Consent => (disk.read(consentName) ? 'denied' : state);
  const isAllowed = (): boolean => consent() === 'granted';
  const context: Context = {
    ...surroundings,
    settings: { batchSize: 50, batchMs: 2000, maxBytes: 1_000_000, ...options },
    disk,
    isAllowed,
    report,
    within: (ms, promise) =>
      Promise.race([
        promise,
        new Promise<undefined>((resolve) => after(ms, resolve as () => void)),
      ]),
    askRepair: () =>
      context.within(
        repairMs,
        (loading ??= surroundings.loadRepair().catch(() => {
          after(askAgainMs, () => (loading = undefined));
          return undefined;
        })),
      ),
  };
  const queue = openQueue(context, () => sender.nudge());
  const sender = createSender(queue, context, (ms) => {
    offset = Math.abs(ms) > clockToleranceMs ? Math.round(ms) : 0;
  });

  const ids = (): Ids | undefined => {
    if (persistence === 'none' || !isAllowed()) return;
    const identity = keeper.read();
    return { ...identity, distinctId: identity.userId ?? `$device:${identity.deviceId}` };
  };
  /** The three identifiers each record carries. */
  const idProperties = (prefix: string): Values => {
    const known = ids();
    return known
      ? {
          [`${prefix}distinct_id`]: known.distinctId,
          $device_id: known.deviceId,
          $user_id: known.userId,
        }
      : { $cookieless: true };
  };

  const put = (record: WireRecord, urgent?: boolean): void => {
    let changed: WireRecord | null = record;
    // A filter of the page that fails drops nothing.
    guard(() => {
      if (beforeSend) changed = beforeSend(record);
    }, report)();
    if (!changed) return;
    report('record', changed);
    queue.add(JSON.stringify(changed));
    sender.nudge(urgent);
  };
  /** What was lost since the last event, told once. */
  const dropped = (): Values | null => {
    const lost = disk.read(droppedName);
    if (lost) disk.erase(droppedName);
    return parse(lost) as Values | null;
  };

  const core: Core = {
    keeper,
    ids,
    moment: () => ({
      at: now(),
      steady: monotonic(),
      time: now() + offset,
      mark: characters(22),
      page: { ...page(options), $clock_offset: offset || undefined },
    }),
    whenAllowed(run) {
      if (isAllowed()) run();
      else if (consent() === 'pending' && held.length < heldMax) held.push(run);
    },
    putEvent(event, given, { time, mark, page: automatic }, urgent) {
      const { session, properties } = keeper.read();
      put(
        {
          event,
          properties: {
            ...automatic,
            ...session,
            ...properties,
            ...given,
            ...dropped(),
            token,
            time,
            ...idProperties(''),
            $insert_id: mark,
            mp_lib: 'arbor-web',
            $lib_version: version,
          },
        },
        urgent,
      );
    },
    putUpdate(operator, values, { time, mark }, of) {
      put({
        $token: token,
        ...(of ?? idProperties('$')),
        $time: time,
        $insert_id: mark,
        [operator]: values,
      });
    },
    consent,
    allow(next) {
      state = next;
      if (next === 'denied') {
        held = [];
        queue.forget();
        keeper.write({ deviceId: uuid(), properties: {} });
        disk.names('').forEach(disk.erase);
        disk.write(consentName, 1);
      } else disk.erase(consentName);
      if (next === 'granted') held.splice(0).forEach((run) => run());
    },
    flush: () => sender.flush().then(() => queue.countRecords() + held.length),
    joinUser(given, moment) {
      const userId = readUserId(given);
      const before: Identity = keeper.read();
      if (!userId) report('refused', { code: 'identity', record: given });
      if (!userId || before.userId === userId) return;
      // One device never joins two users: whoever comes second gets a new one.
      const isShared = before.userId && !options.keepDevice;
      const deviceId = isShared ? uuid() : before.deviceId;
      keeper.write({ ...before, deviceId, userId });
      const properties = { $identified_id: userId, $anon_id: `$device:${deviceId}` };
      core.putEvent('$identify', properties, moment);
    },
  };
  return core;
}
