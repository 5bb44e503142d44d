import type { Client, Properties } from './client.ts';
import { guard, harmless } from './guard.ts';
import type { MixpanelAbsent } from './mixpanel-absent.ts';
import { absent } from './mixpanel-absent.ts';
import type { MixpanelConfig, MixpanelHooks } from './mixpanel-config.ts';
import { optionsOf } from './mixpanel-config.ts';
import { decisionOf, isLeaving, keepDecision, leaving } from './mixpanel-consent.ts';
import type { Callback, MixpanelPeople, MixpanelProfile } from './mixpanel-profile.ts';
import { peopleOf, profileOf } from './mixpanel-profile.ts';
import { openClient } from './open.ts';

export type { MixpanelConfig } from './mixpanel-config.ts';
export type { MixpanelPeople, MixpanelProfile } from './mixpanel-profile.ts';

type PropertiesOf = Properties | ((element: Element) => Properties);
/** A selector, an element, or several. */
type Query = string | Element | ArrayLike<Element>;
type Ids = string | number | readonly (string | number)[];
/** Days, or whether it outlives the page. */
type Register = number | { readonly persistent?: boolean };

/** The methods of mixpanel-browser, with its names and the same effects (`browser-sdk.md` 13). */
export interface Mixpanel extends MixpanelAbsent {
  init(token: string, config?: MixpanelConfig, name?: string): Mixpanel;
  /** A call as the stub of Mixpanel's snippet leaves it: `['track', 'Seen']`; or a function of the page. */
  push(call: readonly unknown[] | ((this: Mixpanel) => void)): void;
  track(
    event: string,
    properties?: Properties,
    options?: Callback | { readonly send_immediately?: boolean; readonly transport?: string },
    callback?: Callback,
  ): void;
  track_pageview(properties?: Properties, options?: { readonly event_name?: string }): void;
  track_links(query: Query, event: string, properties?: PropertiesOf): boolean;
  track_forms(query: Query, event: string, properties?: PropertiesOf): boolean;
  track_with_groups(
    event: string,
    properties?: Properties,
    groups?: Properties,
    callback?: Callback,
  ): void;
  time_event(event: string): void;
  identify(userId?: string): void;
  alias(alias: string, original?: string): void;
  reset(): void;
  get_distinct_id(): string | undefined;
  get_property(name: string): unknown;
  register(properties: Properties, options?: Register): void;
  register_once(properties: Properties, notValue?: unknown, options?: Register): void;
  unregister(name: string, options?: { readonly persistent?: boolean }): void;
  set_group(key: string, ids: Ids, callback?: Callback): void;
  add_group(key: string, id: string | number, callback?: Callback): void;
  remove_group(key: string, ids: Ids, callback?: Callback): void;
  get_group(key: string, id: string): MixpanelProfile;
  opt_in_tracking(options?: {
    readonly track_event_name?: string;
    readonly track_properties?: Properties;
  }): void;
  opt_out_tracking(options?: { readonly delete_user?: boolean }): void;
  has_opted_in_tracking(): boolean;
  has_opted_out_tracking(): boolean;
  clear_opt_in_out_tracking(): void;
  /** Captures no event any more, or none of these. */
  disable(events?: readonly string[]): void;
  set_config(config: MixpanelConfig): void;
  get_config(name?: string): unknown;
  start_batch_senders(): void;
  stop_batch_senders(): void;
  readonly people: MixpanelPeople;
}

const keyOfPageView = {
  'full-url': 'full',
  'url-with-path-and-query-string': 'path+query',
} as const;

function elementsOf(query: Query): Element[] {
  if (typeof query === 'string') return [...document.querySelectorAll(query)];
  return query instanceof Element ? [query] : Array.from(query);
}

/** Puts an instance on top of a client. */
function createMixpanel(
  client: Client,
  { token, config: given, init }: { token: string; config: MixpanelConfig; init: Mixpanel['init'] },
): Mixpanel {
  const config = given as Record<string, unknown>;
  /** Of this page alone: they lie over those that outlive it. */
  let ofPage: Record<string, unknown> = {};
  const disabled = new Set<string>();
  let isDisabled = false;
  const say = (what: string): void => {
    // The developer asked for it.
    // oxlint-disable-next-line no-console
    if (config['debug']) console.debug(`no ${what}`);
  };
  /** Calls back when what was captured before is sent, or could not be. */
  const done = (callback: unknown): void => {
    if (typeof callback !== 'function') return;
    void client.flush().then(({ left }) => (callback as Callback)(left === 0 ? 1 : 0));
  };
  /** What a hook of the page makes of the arguments; undefined when it wants none of it. */
  const hooked = <Given extends unknown[]>(
    name: keyof MixpanelHooks,
    ...args: Given
  ): Given | undefined => {
    const hook = (config['hooks'] as MixpanelHooks | undefined)?.[name] as
      ((...all: unknown[]) => unknown) | undefined;
    let changed: unknown = args;
    // One that fails is as if there were none.
    guard(() => {
      if (hook) changed = hook(...args);
    })();
    if (changed === null) return undefined;
    const given = [changed].flat() as unknown[];
    return [...given, ...args.slice(given.length)] as Given;
  };
  const valueOf = (name: string): unknown => ofPage[name] ?? client.ids?.properties[name];
  const isOfPage = (options: unknown): boolean =>
    (Object(options) as { persistent?: boolean }).persistent === false;
  const groupsOf = (key: string): unknown[] => [valueOf(key) ?? []].flat();
  const onElements = (
    type: 'click' | 'submit',
    [query, event, properties]: Parameters<Mixpanel['track_links']>,
  ): boolean => {
    const elements = elementsOf(query);
    for (const element of elements) {
      element.addEventListener(
        type,
        guard(() => {
          const own = typeof properties === 'function' ? properties(element) : properties;
          // What is captured survives the navigation that follows; nothing need wait.
          const link = element instanceof HTMLAnchorElement ? { url: element.href } : {};
          mixpanel.track(event, { ...own, ...link });
        }),
      );
    }
    return elements.length > 0;
  };
  /** Refuses once the deletion of the user was sent; until then nothing else is captured (`optionsOf`). */
  const leave = async (): Promise<void> => {
    if (!isLeaving(token) || (await client.flush()).left || !isLeaving(token)) return;
    keepDecision(token, '0');
    client.optOut();
  };
  const mixpanel: Mixpanel = harmless({
    ...absent(say),
    init,
    push(call) {
      if (typeof call === 'function') return call.call(mixpanel);
      const [path, ...args] = call as [string, ...unknown[]];
      // Of what is not there, nobody hears.
      const method = path
        .split('.')
        .reduce<unknown>((holder, name) => (holder as Record<string, unknown>)[name], mixpanel);
      (method as (...all: unknown[]) => void)(...args);
    },
    track(event, properties, options, callback) {
      const asked = hooked('before_track', event, { ...properties });
      if (asked && !isDisabled && !disabled.has(event)) {
        const { send_immediately: urgent } = Object(options) as { send_immediately: boolean };
        client.track(asked[0], { ...ofPage, ...asked[1] }, { urgent });
      }
      [options, callback].forEach(done);
    },
    track_pageview: (properties, { event_name = '$mp_web_page_view' } = {}) =>
      mixpanel.track(event_name, {
        current_page_title: document.title,
        current_domain: location.hostname,
        current_url_path: location.pathname,
        current_url_protocol: location.protocol,
        current_url_search: location.search,
        ...properties,
      }),
    track_links: (...args) => onElements('click', args),
    track_forms: (...args) => onElements('submit', args),
    track_with_groups: (event, properties, groups, callback) =>
      mixpanel.track(event, { ...properties, ...groups }, callback),
    time_event: (event) => client.timeEvent(event),
    identify(userId) {
      const asked = userId !== undefined && hooked('before_identify', userId);
      if (asked) client.identify(asked[0]);
    },
    alias: (alias) => client.alias(alias),
    reset() {
      ofPage = {};
      client.reset();
    },
    get_distinct_id: () => client.ids?.distinctId,
    get_property: valueOf,
    register(properties, options) {
      const asked = hooked('before_register', properties, options);
      if (!asked) return;
      if (isOfPage(asked[1])) Object.assign(ofPage, asked[0]);
      else client.register(asked[0]);
    },
    register_once(properties, notValue, options) {
      const asked = hooked('before_register_once', properties, notValue, options);
      if (!asked) return;
      const [wanted, empty = 'None', how] = asked;
      // A value that says that there is none may be written over.
      const missing = Object.entries(wanted).filter(([name]) =>
        [undefined, empty].includes(valueOf(name)),
      );
      mixpanel.register(Object.fromEntries(missing), how);
    },
    unregister(name, options) {
      const asked = hooked('before_unregister', name, options);
      if (!asked) return;
      if (isOfPage(asked[1])) delete ofPage[asked[0]];
      else client.unregister(asked[0]);
    },
    set_group(key, ids, callback) {
      client.register({ [key]: [ids].flat() });
      client.people.set({ [key]: [ids].flat() });
      done(callback);
    },
    add_group(key, id, callback) {
      client.register({ [key]: [...new Set([...groupsOf(key), id])] });
      client.people.union({ [key]: [id] });
      done(callback);
    },
    remove_group(key, ids, callback) {
      const gone = [ids].flat() as unknown[];
      const left = groupsOf(key).filter((one) => !gone.includes(one));
      if (left.length > 0) client.register({ [key]: left });
      else client.unregister(key);
      gone.forEach((id) => client.people.remove({ [key]: id }));
      done(callback);
    },
    get_group: (key, id) =>
      harmless(profileOf(client.profile({ $group_key: key, $group_id: id }), done)),
    opt_in_tracking({ track_event_name = '$opt_in', track_properties } = {}) {
      keepDecision(token, '1');
      client.optIn();
      mixpanel.track(track_event_name, track_properties);
    },
    opt_out_tracking({ delete_user = true } = {}) {
      if (delete_user && client.ids?.userId) {
        // The user goes before the client does.
        keepDecision(token);
        client.people.delete();
        keepDecision(token, leaving);
        void leave();
      } else {
        keepDecision(token, '0');
        client.optOut();
      }
    },
    has_opted_in_tracking: () => decisionOf(token) === '1',
    has_opted_out_tracking: () => client.optedOut() || isLeaving(token),
    clear_opt_in_out_tracking() {
      keepDecision(token);
      client.optIn();
    },
    disable(events) {
      isDisabled ||= !events;
      events?.forEach((event) => disabled.add(event));
    },
    set_config: (changes) => void Object.assign(config, changes),
    get_config: (name) => (name === undefined ? config : config[name]),
    // The queue is always on: what it holds outlives the page and is sent in bodies of many.
    start_batch_senders: () => void client.flush(),
    stop_batch_senders: () => say('senders'),
    people: harmless(peopleOf(client, done)),
  });
  client.on('sent', () => void leave());
  // Who refused the client that this one takes the place of has refused; what an earlier page has not ended goes on.
  if (decisionOf(token)?.[0] === '0') mixpanel.opt_out_tracking({ delete_user: isLeaving(token) });
  return mixpanel;
}

let primary: Mixpanel | undefined;

/**
 * Named instances: `mixpanel.init(token, config, 'second')` is `mixpanel.second` from then on. What is there already stays as
 * it is: two clients would tell each page view twice.
 */
function init(this: void, token: string, given: MixpanelConfig = {}, name?: string): Mixpanel {
  const before = name ? mixpanel[name] : primary;
  if (before) return before as Mixpanel;
  const config = { ...given, token };
  const client = openClient(token, optionsOf(config, token));
  const instance = createMixpanel(client, { token, config, init });
  const { track_pageview: view } = config;
  if (view) {
    const pageViewKey = keyOfPageView[view as keyof typeof keyOfPageView] ?? 'path';
    const options = { pageViews: view === true ? 'first' : 'auto', pageViewKey } as const;
    // Before a router cleans the address.
    const landing = location.search;
    void import('./pages.ts').then(
      ({ pages }) => client.use(pages({ ...options, landing })),
      () => {
        // Blocked or away: all but page views goes on.
      },
    );
  }
  if (name) Object.assign(mixpanel, { [name]: instance });
  else if (token) primary = Object.assign(mixpanel, instance);
  guard(config.loaded ?? Object)(instance);
  return instance;
}

/**
 * In the place of `mixpanel-browser`: a page written for it works after changing only the import. Before
 * `init` every method is there and does nothing.
 */
const mixpanel: Mixpanel & Record<string, unknown> = {
  ...createMixpanel(openClient('', {}), { token: '', config: {}, init }),
};
// The package that this one takes the place of has a default export.
export default mixpanel;
