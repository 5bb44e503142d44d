/**
 * All that the SDK needs of a browser. Tests pass their own; `browser.ts` makes the real one. References
 * are taken once at the start, so a page that replaces `fetch` or `Date` later changes nothing.
 */
export interface Surroundings {
  /** Rejects when no answer was seen. With `keepalive` the request outlives the page. */
  readonly post: (url: string, body: string, keepalive: boolean) => Promise<Answer>;
  /** Undefined when storage is denied; may throw at any call (full, private mode). */
  readonly storage: KeyValueStore | undefined;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Version 4. */
  readonly uuid: () => string;
  /** Runs later; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** The page is hidden or goes away; may come many times. */
  readonly onHidden: (run: () => void) => void;
  /** The network or the page is back. */
  readonly onAwake: (run: () => void) => void;
  /** Properties of the page, added to each event. */
  readonly page: () => Record<string, unknown>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Header `Retry-After`, if any. */
  readonly retryAfter: string | null;
}

export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  /** Names of all keys, also of others. */
  keys(): readonly string[];
}
