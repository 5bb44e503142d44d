import { copy } from './copy.ts';
import type { Core, Flushed, Ids, Moment, RegisterOptions, Report } from './core.ts';
import { createCore } from './core.ts';
import { guard } from './guard.ts';
import { NativeDate } from './natives.ts';
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
  set(this: void, properties: Properties): void;
  /** Only what there is not yet. */
  setOnce(this: void, properties: Properties): void;
  /** Adds to numbers. */
  add(numbers: Readonly<Record<string, number>>): void;
  /** Puts at the end of lists. */
  append(this: void, properties: Properties): void;
  /** Puts into lists what they do not hold. */
  union(lists: Readonly<Record<string, readonly unknown[]>>): void;
  /** Takes out of lists. */
  remove(this: void, properties: Properties): void;
  unset(names: readonly string[]): void;
  delete(this: void): void;
}

/** No method ever throws, whatever it is given. */
export interface Client<E extends Events = Events> {
  /** Something happened. */
  track<K extends keyof E & string>(
    this: void,
    event: K,
    properties?: E[K],
    options?: TrackOptions,
  ): void;
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
  /** Who this is, and what `register` put there; undefined when that is not known. */
  readonly ids: Ids | undefined;
  /** The user's profile. */
  readonly people: Profile;
  /** A profile by the fields that name it: `{ $group_key, $group_id }`. */
  profile(of: Properties): Profile;
  /** Events from now on belong to this group, say a company; returns the group's own profile. */
  group(key: string, id: string | readonly string[]): Profile;
  /** Properties that each later event carries. */
  register(properties: Properties, options?: RegisterOptions): void;
  unregister(name: string): void;
  consent(state: Consent): void;
  optOut(): void;
  optIn(): void;
  optedOut(): boolean;
  /** Sends what waits; resolves when it is sent or the attempt is over. */
  flush(this: void): Promise<Flushed>;
  /** Hears of records, deliveries, refusals and losses; returns what ends that. */
  on(type: Report, listener: (info: Properties) => void): () => void;
  use(module: Module): void;
  /** Sends what waits and takes listeners and timers away. */
  destroy(): void;
}

const nameCharactersMax = 255;

/** Of profiles; on the wire `setOnce` is `$set_once`. */
const operators = 'set setOnce add append union remove unset delete'.split(' ');

/** A client over the given surroundings. Without a token there is nowhere to send to: it does nothing. */
export function createClientOver(
  token: string,
  options: Options,
  surroundings: Surroundings,
): Client {
  const listeners = new Set<readonly [Report, (info: Properties) => void]>();
  const cleanups = [surroundings.stop];
  let timers: Record<string, Moment> = {};
  let isOver = !token;
  const report = (type: Report, info: Properties): void => {
    listeners.forEach(([wanted, listener]) => wanted === type && guard(listener)(info));
  };
  let made: Core | undefined;
  const core = (): Core => (made ??= createCore(token, options, surroundings, report));
  // In a turn of its own, unless a call is earlier: the one in which the page begins has enough to do (SDK-B3).
  surroundings.after(0, guard(core, report));
  /** Nothing comes back, not even a promise: what an effect of React gives back is called. */
  const guarded =
    <Given extends unknown[]>(run: (...given: Given) => void): typeof run =>
    (...given) => {
      if (!isOver) guard(run, report)(...given);
    };
  /**
   * A method as the page calls it: nothing of it comes back as an error, what it is given is copied and
   * the moment is fixed at once, and it is done when consent is there.
   */
  const method = <Given extends unknown[]>(
    run: (moment: Moment, ...given: Given) => void,
  ): ((...given: Given) => void) =>
    guarded((...given) => {
      const moment = core().moment();
      const onCut = (): void => {
        moment.page['$truncated'] = true;
      };
      const copies = given.map((one) => copy(one, onCut)) as Given;
      core().whenAllowed(() => run(moment, ...copies));
    });
  const track: Client['track'] = method((moment, event, properties, given) => {
    const { time, insertId, urgent } = Object(given) as TrackOptions;
    if (typeof event !== 'string' || !event || event.length > nameCharactersMax) {
      report('refused', { code: 'name', record: event });
      return;
    }
    const start = timers[event];
    delete timers[event];
    // While the page sleeps, one of the clocks may stand still.
    const $duration = start && Math.max(moment.at - start.at, moment.steady - start.steady) / 1000;
    if (time) moment.time = +new NativeDate(time);
    if (insertId) moment.mark = insertId;
    core().putEvent(
      event,
      { $duration, ...(typeof properties === 'object' && properties) },
      moment,
      urgent,
    );
  });
  const profile = (of?: Properties): Profile =>
    Object.fromEntries(
      operators.map((name) => [
        name,
        method((moment, given: unknown) =>
          core().putUpdate(`$${name.replace('O', '_o')}`, given ?? '', moment, of),
        ),
      ]),
    ) as unknown as Profile;
  const people = profile();
  const register: Client['register'] = method((_, properties, given) =>
    core().register(properties, given),
  );
  const consent = guarded((state: Consent) => core().allow(state));

  const client: Client = {
    track,
    pageView: (properties) => track('$mp_web_page_view', properties as Properties),
    timeEvent: method((moment, event) => {
      timers[event] = moment;
    }),
    identify: method((moment, userId, set) => {
      core().joinUser(userId, moment);
      if (set) people.set(set);
    }),
    alias: method((moment, alias) => core().putEvent('$create_alias', { alias }, moment)),
    reset: method(() => {
      timers = {};
      core().keeper.write({ deviceId: surroundings.uuid(), properties: {} });
    }),
    get ids() {
      return core().ids();
    },
    people,
    profile,
    group(key, id) {
      register({ [key]: id });
      people.union({ [key]: [id].flat() });
      return profile({ $group_key: key, $group_id: id });
    },
    register,
    unregister: (name) => register({ [name]: undefined }),
    consent,
    optOut: () => consent('denied'),
    optIn: () => consent('granted'),
    optedOut: () => core().consent() === 'denied',
    flush: () => core().flush(),
    on(type, listener) {
      const entry = [type, listener] as const;
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    use: guarded((module) => {
      // What is nothing does nothing when it is called in the end.
      cleanups.push(module(client) as () => void);
    }),
    destroy() {
      isOver = true;
      void core().flush();
      cleanups.forEach((cleanup) => guard(cleanup)());
    },
  };
  return client;
}
