import type { Repair } from './repair.ts';

/**
 * All that the SDK needs of a browser. Tests pass their own; `browser.ts` makes the real one. References
 * are taken once at the start, so a page that replaces `fetch` or `Date` later changes nothing.
 */
export interface Surroundings {
  /** Rejects, or has nothing, when no answer was seen. `leaving`: the request must outlive the page. */
  readonly post: (url: string, body: string, leaving: boolean) => Promise<Answer | undefined>;
  /** Undefined when not wanted; it and what it returns may throw at any call (denied, full, private mode). */
  readonly storage: () => KeyValueStore | undefined;
  readonly now: () => number;
  /** ms of a clock that never jumps. */
  readonly monotonic: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Version 4. */
  readonly uuid: () => string;
  /** That many random characters of `[a-z0-9]`. */
  readonly characters: (count: number) => string;
  /** Runs later; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** The page is hidden, or (`gone`) goes away, which may come many times; the network or the page is back. */
  readonly watch: (onHidden: (gone?: boolean) => void, onAwake: () => void) => void;
  /** Address, referrer and title of the page now; addresses as they are. */
  readonly page: () => Page;
  /** Do-Not-Track or Global Privacy Control is on. */
  readonly refusesTracking: boolean;
  /** Loads what mends trouble; rejects when it cannot be had. */
  readonly loadRepair: () => Promise<Repair>;
  /** Takes listeners and timers away again. */
  readonly stop: () => void;
}

export interface Page {
  readonly url: string;
  readonly referrer: string;
  readonly title: string;
  /** Screen, viewport, language and the like, as properties. */
  readonly device: Record<string, unknown>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Header `Retry-After`, if any. */
  readonly retryAfter: string | null;
}

/** `localStorage`: its own keys are those that are stored. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
