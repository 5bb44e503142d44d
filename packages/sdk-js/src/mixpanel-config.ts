import type { Properties } from './client.ts';
import { mixpanelStore } from './migrate.ts';
import type { Mixpanel } from './mixpanel.ts';
import { decisionOf, isLeaving } from './mixpanel-consent.ts';
import type { Options, WireRecord } from './options.ts';

/** Functions of the page that see what is captured; null drops it, a throw changes nothing. */
export interface MixpanelHooks {
  readonly before_identify?: (id: string) => string | null;
  readonly before_register?: (properties: Properties, options?: unknown) => Hooked;
  readonly before_register_once?: (properties: Properties, value?: unknown) => Hooked;
  readonly before_unregister?: (name: string) => Hooked;
  readonly before_track?: (event: string, properties: Properties) => Hooked;
  readonly before_send_events?: (event: WireRecord) => WireRecord | null;
}
/** The first argument in a changed form, or all of them in a list. */
type Hooked = unknown;

/** What of Mixpanel's configuration means something here; anything else is accepted and ignored. */
export interface MixpanelConfig {
  readonly api_host?: string;
  readonly batch_requests?: boolean;
  readonly batch_size?: number;
  readonly batch_flush_interval_ms?: number;
  readonly persistence?: string;
  readonly disable_persistence?: boolean;
  readonly track_pageview?:
    boolean | 'full-url' | 'url-with-path' | 'url-with-path-and-query-string';
  readonly ignore_dnt?: boolean;
  readonly ip?: boolean;
  readonly opt_out_tracking_by_default?: boolean;
  readonly property_blacklist?: readonly string[];
  readonly hooks?: MixpanelHooks;
  readonly debug?: boolean;
  readonly loaded?: (mixpanel: Mixpanel) => void;
  /** Not of Mixpanel: a second `identify` begins a new device (`browser-sdk.md` SDK-ID3). */
  readonly safe_identify?: boolean;
  readonly [name: string]: unknown;
}

/**
 * The options of our client; `config` is read again at each record, for a page may change it. Who agreed on an earlier page need
 * not do so again.
 */
export function optionsOf(config: MixpanelConfig, token: string): Options {
  const { api_host, batch_requests, batch_size, batch_flush_interval_ms: batchMs } = config;
  const batchSize = batch_requests === false ? 1 : batch_size;
  return {
    // Visitors stay who they were with the client that this one takes the place of.
    store: mixpanelStore(),
    keepDevice: !config.safe_identify,
    respectDnt: !config.ignore_dnt,
    debug: config.debug === true,
    consent: config.opt_out_tracking_by_default && decisionOf(token) !== '1' ? 'denied' : 'granted',
    persistence: config.disable_persistence ? 'memory' : 'localStorage',
    ...(api_host && { host: api_host }),
    // The server takes no place from the address then.
    ...(config.ip === false && { path: '/e?ip=0' }),
    ...(batchSize && { batchSize }),
    ...(batchMs && { batchMs }),
    beforeSend(record) {
      const { property_blacklist = [], hooks } = config;
      if (isLeaving(token)) return null;
      if (!record['properties']) return record;
      const properties = { ...(record['properties'] as Properties) };
      for (const name of property_blacklist) delete properties[name];
      const cleaned = { ...record, properties };
      return hooks?.before_send_events ? hooks.before_send_events(cleaned) : cleaned;
    },
  };
}
