import { createClient } from './arbor.ts';
import type { Client, Profile, Properties } from './client.ts';
import { mixpanelStore } from './migrate.ts';
import type { Options } from './options.ts';
import { pages } from './pages.ts';

/** What of Mixpanel's configuration means something here; anything else is accepted and ignored. */
export interface MixpanelConfig {
  readonly api_host?: string;
  readonly batch_size?: number;
  readonly batch_flush_interval_ms?: number;
  readonly persistence?: string;
  readonly disable_persistence?: boolean;
  readonly track_pageview?:
    boolean | 'full-url' | 'url-with-path' | 'url-with-path-and-query-string';
  readonly ignore_dnt?: boolean;
  readonly opt_out_tracking_by_default?: boolean;
  readonly property_blacklist?: readonly string[];
  readonly debug?: boolean;
  readonly loaded?: (mixpanel: Mixpanel) => void;
  /** Not of Mixpanel: a second `identify` begins a new device (`browser-sdk.md` SDK-ID3). */
  readonly safe_identify?: boolean;
  readonly [name: string]: unknown;
}

type Callback = (answer: 0 | 1) => void;
/** One property and its value, or several. */
type Pairs<Result = void> = (
  properties: Properties | string,
  value?: unknown,
  callback?: Callback,
) => Result;

export interface MixpanelProfile {
  set: Pairs;
  set_once: Pairs;
  unset(names: string | readonly string[], callback?: Callback): void;
  increment: Pairs;
  append: Pairs;
  remove: Pairs;
  union: Pairs;
}

export interface MixpanelPeople extends MixpanelProfile {
  track_charge(amount: number, properties?: Properties, callback?: Callback): void;
  clear_charges(callback?: Callback): void;
  delete_user(): void;
}

/** The methods of mixpanel-browser, with its names and the same effects (`browser-sdk.md` 13). */
export interface Mixpanel {
  init(token: string, config?: MixpanelConfig, name?: string): Mixpanel;
  track(
    event: string,
    properties?: Properties,
    options?: Callback | { readonly send_immediately?: boolean },
    callback?: Callback,
  ): void;
  track_pageview(properties?: Properties): void;
  track_links(query: string, event: string, properties?: PropertiesOf): number;
  track_forms(query: string, event: string, properties?: PropertiesOf): number;
  track_with_groups(event: string, properties: Properties, groups: Properties): void;
  time_event(event: string): void;
  identify(userId: string): void;
  alias(alias: string, original?: string): void;
  reset(): void;
  get_distinct_id(): string | undefined;
  get_property(name: string): unknown;
  register(properties: Properties): void;
  register_once(properties: Properties): void;
  unregister(name: string): void;
  set_group(key: string, ids: string | readonly string[]): void;
  add_group(key: string, id: string): void;
  remove_group(key: string, id: string): void;
  get_group(key: string, id: string): MixpanelProfile;
  opt_in_tracking(): void;
  opt_out_tracking(): void;
  has_opted_in_tracking(): boolean;
  has_opted_out_tracking(): boolean;
  clear_opt_in_out_tracking(): void;
  set_config(config: MixpanelConfig): void;
  get_config(name?: string): unknown;
  readonly people: MixpanelPeople;
}

type PropertiesOf = Properties | ((element: Element) => Properties);

const pairsOf = (given: Properties | string, value: unknown): Properties =>
  typeof given === 'string' ? { [given]: value } : given;
const called = (callback: unknown): void => {
  if (typeof callback === 'function') (callback as Callback)(1);
};

function optionsOf(config: MixpanelConfig): Options {
  const { api_host, batch_size, batch_flush_interval_ms, property_blacklist = [] } = config;
  return {
    // Visitors stay who they were with the client that this one takes the place of.
    store: mixpanelStore(),
    keepDevice: !config.safe_identify,
    respectDnt: !config.ignore_dnt,
    debug: config.debug === true,
    consent: config.opt_out_tracking_by_default ? 'denied' : 'granted',
    persistence: config.disable_persistence ? 'memory' : 'localStorage',
    ...(api_host ? { host: api_host } : {}),
    ...(batch_size ? { batchSize: batch_size } : {}),
    ...(batch_flush_interval_ms ? { batchMs: batch_flush_interval_ms } : {}),
    beforeSend(record) {
      const properties = { ...(record['properties'] as Properties | undefined) };
      for (const name of property_blacklist) delete properties[name];
      return record['properties'] ? { ...record, properties } : record;
    },
  };
}

function profileOf(profile: Profile): MixpanelProfile {
  const change =
    (run: (properties: Properties) => void): Pairs =>
    (given, value, callback) => {
      run(pairsOf(given, value));
      called(typeof given === 'string' ? callback : value);
    };
  return {
    set: change((properties) => profile.set(properties)),
    set_once: change((properties) => profile.setOnce(properties)),
    unset(names, callback) {
      profile.unset([names].flat());
      called(callback);
    },
    increment(given, value = 1, callback) {
      // What is no number would have the whole change refused.
      const numbers = Object.entries(pairsOf(given, value)).filter(
        ([, n]) => typeof n === 'number',
      );
      profile.add(Object.fromEntries(numbers) as Record<string, number>);
      called(callback);
    },
    append: change((properties) => profile.append(properties)),
    remove: change((properties) => profile.remove(properties)),
    union: change((properties) => {
      const lists = Object.entries(properties).map(
        ([name, list]) => [name, [list].flat()] as const,
      );
      profile.union(Object.fromEntries(lists));
    }),
  };
}

function peopleOf({ people }: Client): MixpanelPeople {
  return {
    ...profileOf(people),
    track_charge(amount, properties, callback) {
      const $time = new Date().toISOString();
      people.append({ $transactions: { $amount: amount, $time, ...properties } });
      called(callback);
    },
    clear_charges(callback) {
      people.set({ $transactions: [] });
      called(callback);
    },
    delete_user: () => people.delete(),
  };
}

/** What the page says who it is and what it carries, kept beside the client, which only writes it. */
interface State {
  readonly config: MixpanelConfig;
  readonly client: Client;
  readonly groups: Map<string, string[]>;
}

const keyOfPageView = {
  'full-url': 'full',
  'url-with-path-and-query-string': 'path+query',
} as const;

/** Puts an instance on top of a client. */
export function createMixpanel(
  client: Client,
  config: MixpanelConfig,
  init: Mixpanel['init'],
): Mixpanel {
  const state: State = { config: { ...config }, client, groups: new Map() };
  const setGroups = (key: string, ids: readonly string[]): void => {
    state.groups.set(key, [...ids]);
    client.register({ [key]: ids });
  };
  const onElements = (
    { query, event, properties }: { query: string; event: string; properties: PropertiesOf },
    type: 'click' | 'submit',
  ): number => {
    const elements = document.querySelectorAll(query);
    for (const element of elements) {
      element.addEventListener(type, () => {
        const given = typeof properties === 'function' ? properties(element) : properties;
        // What is captured survives the navigation that follows; nothing need wait.
        client.track(
          event,
          element instanceof HTMLAnchorElement ? { ...given, url: element.href } : given,
        );
      });
    }
    return elements.length;
  };
  return {
    init,
    track(event, properties, options, callback) {
      const urgent = typeof options === 'object' && options.send_immediately === true;
      client.track(event, properties, { urgent });
      const answer = typeof options === 'function' ? options : callback;
      if (answer) void client.flush().then(({ left }) => answer(left === 0 ? 1 : 0));
    },
    track_pageview: (properties) =>
      client.pageView({
        current_page_title: document.title,
        current_domain: location.hostname,
        current_url_path: location.pathname,
        current_url_protocol: location.protocol,
        current_url_search: location.search,
        ...properties,
      }),
    track_links: (query, event, properties = {}) =>
      onElements({ query, event, properties }, 'click'),
    track_forms: (query, event, properties = {}) =>
      onElements({ query, event, properties }, 'submit'),
    track_with_groups: (event, properties, groups) =>
      client.track(event, { ...properties, ...groups }),
    time_event: (event) => client.timeEvent(event),
    identify: (userId) => client.identify(userId),
    alias: (alias) => client.alias(alias),
    reset() {
      state.groups.clear();
      client.reset();
    },
    get_distinct_id: () => client.ids?.distinctId,
    get_property: (name) => client.ids?.properties[name],
    register: (properties) => client.register(properties),
    register_once: (properties) => client.register(properties, { once: true }),
    unregister: (name) => client.unregister(name),
    set_group(key, ids) {
      setGroups(key, [ids].flat());
      client.people.set({ [key]: [ids].flat() });
    },
    add_group(key, id) {
      setGroups(key, [...new Set([...(state.groups.get(key) ?? []), id])]);
      client.people.union({ [key]: [id] });
    },
    remove_group(key, id) {
      setGroups(
        key,
        (state.groups.get(key) ?? []).filter((one) => one !== id),
      );
      client.people.remove({ [key]: id });
    },
    get_group: (key, id) => profileOf(client.profile({ $group_key: key, $group_id: id })),
    opt_in_tracking() {
      client.optIn();
      client.track('$opt_in');
    },
    opt_out_tracking: () => client.optOut(),
    has_opted_in_tracking: () => !client.optedOut(),
    has_opted_out_tracking: () => client.optedOut(),
    clear_opt_in_out_tracking: () => client.optIn(),
    set_config: (changes) => void Object.assign(state.config, changes),
    get_config: (name) => (name === undefined ? state.config : state.config[name]),
    people: peopleOf(client),
  };
}

/** Named instances: `mixpanel.init(token, config, 'second')` is `mixpanel.second` from then on. */
function init(this: void, token: string, config: MixpanelConfig = {}, name?: string): Mixpanel {
  const client = createClient(token, optionsOf(config));
  const instance = createMixpanel(client, config, init);
  const { track_pageview: view } = config;
  if (view) {
    const pageViewKey = keyOfPageView[view as keyof typeof keyOfPageView] ?? 'path';
    client.use(pages({ pageViews: view === true ? 'first' : 'auto', pageViewKey }));
  }
  if (name) Object.assign(mixpanel, { [name]: instance });
  else Object.defineProperties(mixpanel, Object.getOwnPropertyDescriptors(instance));
  config.loaded?.(instance);
  return instance;
}

/**
 * In the place of `mixpanel-browser`: a page written for it works after changing only the import. Before
 * `init` every method is there and does nothing.
 */
const mixpanel: Mixpanel & Record<string, unknown> = {
  ...createMixpanel(createClient(''), {}, init),
};
// The package that this one takes the place of has a default export.
export default mixpanel;
