import type { Store } from './store.ts';

export type Consent = 'granted' | 'pending' | 'denied';
export type Persistence = 'localStorage' | 'memory' | 'none';

/** A record as it is sent: an event, or an update of a user or group. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** How the SDK behaves (`browser-sdk.md` 4). */
export interface Options {
  /** Where records go, for example `https://stats.example.com`. Default: where the script came from. */
  readonly host?: string;
  /** Path of the endpoint. Default `/e`, or what the operator of the script's server chose. */
  readonly path?: string;
  readonly persistence?: Persistence;
  readonly consent?: Consent;
  /** Takes Do-Not-Track and Global Privacy Control as a refusal. */
  readonly respectDnt?: boolean;
  /** Keeps something elsewhere than in the browser's storage (`cookie.ts`, `migrate.ts`). */
  readonly store?: (store: Store, token: string) => Store;
  /** Instead of a random one, for example what the server gave its first response. */
  readonly deviceId?: string;
  readonly batchSize?: number;
  readonly batchMs?: number;
  /** Bound of what waits, in characters; the oldest events go first, and are counted. */
  readonly maxBytes?: number;
  /** Days after which what waits is given up and counted; the server takes nothing older than 35. Default 30. */
  readonly maxAgeDays?: number;
  /** The share of visitors, 0 to 1, of whom an event is captured: `{ Scroll: 0.1 }`. Told by `$sample_rate`. */
  readonly sample?: Readonly<Record<string, number>>;
  /** Sees each record when it is captured; may change it, or drop it by returning null. */
  readonly beforeSend?: (record: WireRecord) => WireRecord | null;
  /** Names of query parameters to cut out of addresses, beside the usual secrets. */
  readonly redact?: readonly string[];
  /** Keeps the fragment of addresses. */
  readonly hash?: boolean;
  /** Takes the place of the page's own `fetch`. */
  readonly fetch?: typeof fetch;
  /** Says in the console what happens. */
  readonly debug?: boolean;
  /** Later identities on one device keep the device's id, as Mixpanel's client does. */
  readonly keepDevice?: boolean;
}
