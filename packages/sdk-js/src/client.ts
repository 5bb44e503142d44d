import { copyProperties } from './copy.ts';
import type { Core, Ids, Report } from './core.ts';
import { createCore } from './core.ts';
import { guard } from './guard.ts';
import type { Consent, Options } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Any values JSON can hold; what it cannot is left out. */
export type Properties = Readonly<Record<string, unknown>>;
/** Names of events and the properties of each; `createClient<Events>` refuses others. */
export type Events = Record<string, Properties>;

export interface TrackOptions {
  /** When it happened; now by default. */
  readonly time?: Date | number;
  /** An id of the page's own: records of one id, event, time and user are one. */
  readonly insertId?: string;
  /** Does not wait for company. */
  readonly urgent?: boolean;
}

/** A part of the SDK that is loaded on its own. Returns what takes it away again. */
export type Module = (client: Client) => (() => void) | void;

/** Changes of the profile of a user or group. */
export interface Profile {
  set(properties: Properties): void;
  /** Only what there is not yet. */
  setOnce(properties: Properties): void;
  /** Adds to numbers. */
  add(numbers: Readonly<Record<string, number>>): void;
  /** Puts at the end of lists. */
  append(properties: Properties): void;
  /** Puts into lists what they do not hold. */
  union(lists: Readonly<Record<string, readonly unknown[]>>): void;
  /** Takes out of lists. */
  remove(properties: Properties): void;
  unset(names: readonly string[]): void;
  delete(): void;
}

/** No method ever throws, whatever it is given. */
export interface Client<E extends Events = Events> {
  /** Something happened. */
  track<K extends keyof E & string>(event: K, properties?: E[K], options?: TrackOptions): void;
  /** A page was seen. */
  pageView(properties?: Properties): void;
  /** The next `track` of this event says how many seconds lie between, `$duration`. */
  timeEvent(event: keyof E & string): void;
  /** Says who is in front of the screen from now on; what the device did before belongs to them too. */
  identify(userId: string, set?: Properties): void;
  /** A further id of the same user. */
  alias(otherId: string): void;
  /** A new device without a user, as after signing out on a shared computer. */
  reset(): void;
  readonly ids: Ids | undefined;
  /** The user's profile. */
  readonly people: Profile;
  /** A profile by the fields that name it: `{ $group_key, $group_id }`. */
  profile(of: Properties): Profile;
  /** Events from now on belong to this group, say a company; returns the group's own profile. */
  group(key: string, id: string | readonly string[]): Profile;
  /** Properties that each later event carries. */
  register(
    properties: Properties,
    options?: { readonly once?: boolean; readonly session?: boolean },
  ): void;
  unregister(name: string): void;
  /** What `register` put there, as it is now. */
  superProperties(): Properties;
  consent(state: Consent): void;
  optOut(): void;
  optIn(): void;
  optedOut(): boolean;
  /** Sends what waits; resolves when it is sent or the attempt is over. */
  flush(): Promise<{ sent: number; left: number }>;
  /** Hears of records, deliveries, refusals and losses; returns what ends that. */
  on(type: Report, listener: (info: Properties) => void): () => void;
  use(module: Module): void;
  /** Sends what waits and takes listeners and timers away. */
  destroy(): void;
}

const nameCharactersMax = 255;

/** Of profiles; on the wire `setOnce` is `$set_once`. */
const operators = 'set setOnce add append union remove unset delete'.split(' ');
/** Operators that take other values than properties. */
const readers: Readonly<Record<string, (given: unknown) => unknown>> = {
  // Anything but numbers is left out, so that it cannot spoil the record.
  add: (given) =>
    Object.fromEntries(
      Object.entries(copyProperties(given)).filter(([, n]) => typeof n === 'number'),
    ),
  unset: (given) => (given as string[]).map(String),
  delete: () => '',
};

/** A client over the given surroundings. */
export function createClientOver(
  token: string,
  options: Options,
  surroundings: Surroundings,
): Client {
  const listeners = new Set<readonly [Report, (info: Properties) => void]>();
  const cleanups: (() => void)[] = [];
  let timers: Record<string, number> = {};
  // Without a token there is nowhere to send to.
  let isOver = !token;
  const report = (type: Report, info: Properties): void => {
    // The developer asked for it.
    // oxlint-disable-next-line no-console
    if (options.debug) console.debug('[arbor]', type, info);
    listeners.forEach(([wanted, listener]) => wanted === type && guard(listener)(info));
  };
  const core: Core = createCore(token, options, surroundings, report);
  const { keeper, whenAllowed, moment } = core;
  const { monotonic } = surroundings;
  /** A method as the page calls it: nothing of it comes back as an error. */
  const method = <Given extends unknown[]>(run: (...given: Given) => void): typeof run => {
    const guarded = guard(run, (message) => report('error', { message }));
    return (...given) => {
      if (!isOver) guarded(...given);
    };
  };
  const track = method(
    (event: string, given?: unknown, { time, insertId, urgent }: TrackOptions = {}) => {
      if (typeof event !== 'string' || !event || event.length > nameCharactersMax) {
        report('refused', { code: 'name', record: event });
        return;
      }
      const fixed = {
        ...moment(),
        ...(time && { time: +time }),
        ...(insertId && { insertId }),
      };
      const properties = {
        $duration: timers[event] && (monotonic() - timers[event]) / 1000,
        ...copyProperties(given),
      };
      delete timers[event];
      whenAllowed(() => core.putEvent(event, properties, fixed, urgent));
    },
  );
  const profile = (of?: Properties): Profile => {
    const change = (name: string): ((given?: unknown) => void) =>
      method((given) => {
        const values = readers[name]?.(given) ?? copyProperties(given);
        whenAllowed(() => core.putUpdate(`$${name.replace('O', '_o')}`, values, of));
      });
    return Object.fromEntries(operators.map((name) => [name, change(name)])) as unknown as Profile;
  };
  const people = profile();
  const register: Client['register'] = method((given, { once, session: isOfSession } = {}) => {
    const properties = copyProperties(given);
    const merge = (before?: Properties): Properties =>
      once ? { ...properties, ...before } : { ...before, ...properties };
    whenAllowed(() => {
      const identity = keeper.read();
      const { session } = identity;
      keeper.write({
        ...identity,
        ...(isOfSession
          ? { session: { at: surroundings.now(), properties: merge(session?.properties) } }
          : { properties: merge(identity.properties) }),
      });
    });
  });
  const consent = method(core.allow);

  const client: Client = {
    track,
    pageView: (properties) => track('$mp_web_page_view', properties as Properties),
    timeEvent: method((event) => {
      timers[event] = monotonic();
    }),
    identify: method((userId, set) => {
      whenAllowed(() => core.joinUser(userId));
      if (set) people.set(set);
    }),
    alias: method((alias) => {
      const fixed = moment();
      whenAllowed(() => core.putEvent('$create_alias', { alias }, fixed));
    }),
    reset: method(() => {
      timers = {};
      whenAllowed(() => keeper.write({ deviceId: surroundings.uuid(), properties: {} }));
    }),
    get ids() {
      return core.ids();
    },
    people,
    profile,
    group(key, id) {
      register({ [key]: id });
      people.union({ [key]: [id].flat() });
      return profile({ $group_key: key, $group_id: id });
    },
    register,
    superProperties: () => (core.ids() ? keeper.read().properties : {}),
    unregister: method((name) => register({ [name]: undefined })),
    consent,
    optOut: () => consent('denied'),
    optIn: () => consent('granted'),
    optedOut: () => core.consent() === 'denied',
    flush: () => core.flush().catch(() => ({ sent: 0, left: 0 })),
    on(type, listener) {
      const entry = [type, listener] as const;
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    use: method((module) => {
      const cleanup = module(client);
      if (cleanup) cleanups.push(cleanup);
    }),
    destroy() {
      isOver = true;
      void client.flush();
      [surroundings.stop, ...cleanups].forEach((cleanup) => guard(cleanup)());
    },
  };
  return client;
}
