/** Records as a customer of the Mixpanel-shaped API writes them, without the token. */

export type DemoValue = string | number | boolean | readonly string[];

export interface DemoProperties {
  /** Ms since 1970, UTC. */
  readonly time: number;
  readonly distinct_id: string;
  /** The same in each run with the same seed: sending a record again never doubles it. */
  readonly $insert_id: string;
  readonly [name: string]: DemoValue;
}

export interface DemoEvent {
  readonly event: string;
  readonly properties: DemoProperties;
}

/** A people update. Only operators that may be repeated without harm are used. */
export interface DemoPerson {
  readonly $distinct_id: string;
  readonly $time: number;
  readonly $set?: Readonly<Record<string, DemoValue>>;
  readonly $set_once?: Readonly<Record<string, DemoValue>>;
}

/** One local day of the project's zone. */
export interface DayChunk {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** In order of time, all within the day. */
  readonly events: readonly DemoEvent[];
  /** At most one update a person. */
  readonly people: readonly DemoPerson[];
}
