import type { Properties } from '@arbor/schema/property-value';
import type { EdgeSettings } from '../ports.ts';

/** What a judge of events must know besides the record. One for all records of a project in a request. */
export interface EventContext {
  /** Arrival, ms UTC. */
  readonly now: number;
  readonly settings: EdgeSettings;
  /** See `TextRules.damaged`. */
  readonly damaged: boolean;
  /** Where to geolocate a record that names no address itself; null = nowhere. */
  readonly connectionAddress: string | null;
  /**
   * Id for a record without any (2.4, step 3); null where the request does not allow one. A function,
   * because it costs a hash and hardly any request needs it.
   */
  readonly addressId: () => string | null;
  /** Set when the request is a browser's own. */
  readonly userAgent: string | null;
  /** What the browser said of itself beside its agent; explicit properties win (`browser-sdk.md` SRV-8). */
  readonly hints?: Properties;
  /** Id of the day for a record that is to name nobody, by its time; absent where there is no such thing (SRV-9). */
  readonly cookielessId?: (time: number) => string;
}
