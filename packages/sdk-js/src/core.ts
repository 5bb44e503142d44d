import type { Context } from './context.ts';
import { guard } from './guard.ts';
import type { Identity, IdentityKeeper } from './identity.ts';
import { keepIdentity, readUserId } from './identity.ts';
import { NativePromise, stringify } from './natives.ts';
import type { Consent, Options, WireRecord } from './options.ts';
import { droppedName, openQueue } from './queue.ts';
import type { Repair } from './repair.ts';
import { createSender } from './sender.ts';
import { openStore, parse } from './store.ts';
import type { Surroundings } from './surroundings.ts';

export const version = '1.1.1';

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

/** How many records the server took, and how many wait. */
export interface Flushed {
  readonly sent: number;
  readonly left: number;
}

export interface RegisterOptions {
  /** Only what is not there yet. */
  readonly once?: boolean;
  /** Until the session ends, half an hour after its last use. */
  readonly session?: boolean;
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
  /** Keeps properties that each later event carries. */
  register(values: Values, options?: RegisterOptions): void;
  consent(): Consent;
  readonly allow: (consent: Consent) => void;
  readonly flush: () => Promise<Flushed>;
  joinUser(userId: unknown, moment: Moment): void;
}

/** A clock that is off by less is left alone (SDK-TM2). */
const clockToleranceMs = 60_000;
const heldMax = 500;
/** A part that was blocked is not asked for more often, and one that hangs is done without. */
const askAgainMs = 60_000;
const consentName = 'out';
/** Among the properties of the session, so that it ends with it. */
const offsetName = '$clock_offset';

/** `report` hears of everything that happens to a record. */
export function createCore(
  token: string,
  options: Options,
  surroundings: Surroundings,
  report: (type: Report, info: Values) => void,
): Core {
  const { now, uuid, after } = surroundings;
  const { beforeSend, persistence } = options;
  const stored = openStore(surroundings, token);
  const disk = options.store?.(stored, token) ?? stored;
  const keeper = keepIdentity(disk, surroundings, options.deviceId);
  /** The server's clock less ours; of the session, until this page has heard of it. */
  let offset: number | undefined;
  let held: (() => void)[] = [];
  let state: Consent =
    options.respectDnt && surroundings.refusesTracking ? 'denied' : (options.consent ?? 'granted');
  let loading: Promise<Repair | undefined> | undefined;

  const consent = (): Consent => (disk.read(consentName) ? 'denied' : state);
  const isAllowed = (): boolean => consent() === 'granted' && !surroundings.isUnseen();
  const runHeld = (): void => {
    if (isAllowed()) held.splice(0).forEach((run) => run());
  };
  const context: Context = {
    ...surroundings,
    settings: { batchSize: 50, batchMs: 2000, maxBytes: 1_000_000, ...options },
    disk,
    isAllowed,
    report,
    askRepair: () =>
      (loading ??= new NativePromise((resolve) => {
        const giveUp = (): void => resolve(undefined);
        after(askAgainMs, () => {
          giveUp();
          loading = undefined;
        });
        surroundings.loadRepair().then(resolve, giveUp);
      })),
  };
  const queue = openQueue(context, () => sender.nudge());
  const sender = createSender(queue, context, runHeld, (ms) => {
    offset = Math.abs(ms) > clockToleranceMs ? Math.round(ms) : 0;
    // Who refused while the request was under way is not known again.
    if (isAllowed()) core.register({ [offsetName]: offset || undefined }, { session: true });
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
    queue.add(stringify(changed));
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
    moment() {
      if (isAllowed()) offset ??= keeper.read().session?.[offsetName] as number | undefined;
      return {
        at: now(),
        steady: surroundings.monotonic(),
        time: now() + (offset ?? 0),
        mark: surroundings.characters(22),
        page: surroundings.page(options),
      };
    },
    whenAllowed(run) {
      if (isAllowed()) run();
      // One that fails takes none of the others with it.
      else if (consent() !== 'denied' && held.length < heldMax) held.push(guard(run, report));
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
    register(values, given) {
      const { once, session: isOfSession } = Object(given) as RegisterOptions;
      const identity = keeper.read();
      const name = isOfSession ? 'session' : 'properties';
      const before = identity[name];
      keeper.write({ ...identity, [name]: { ...before, ...values, ...(once && before) } });
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
      runHeld();
    },
    flush: async () => ({
      sent: await sender.flush(),
      left: queue.countRecords() + held.length,
    }),
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
