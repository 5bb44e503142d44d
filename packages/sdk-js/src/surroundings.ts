import type { Redaction } from './page.ts';
import type { Repair } from './repair.ts';

/**
 * All that the SDK needs of a browser. Tests pass their own; `browser.ts` makes the real one. References
 * are taken once at the start, so a page that replaces `fetch` or `Date` later changes nothing.
 */
export interface Surroundings {
  /** Rejects, or has nothing, when no answer was seen within 20 s. `leaving`: the request must outlive the page. */
  readonly post: (url: string, body: Packed, leaving: boolean) => Promise<Answer | undefined>;
  /** False when not wanted; it and what it returns may throw at any call (denied, full, private mode). */
  readonly openStorage: () => KeyValueStore | false | undefined;
  /** ms since 1970. */
  readonly now: () => number;
  /** ms of a clock that never jumps. */
  readonly monotonic: () => number;
  /** Version 4. */
  readonly uuid: () => string;
  /** That many random characters of `[a-z0-9]`. */
  readonly characters: (count: number) => string;
  /** Runs later; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** The page is hidden, or (`gone`) goes away, which may come many times; the network or the page is back, or seen at last. */
  readonly watch: (onHidden: (gone?: boolean) => void, onAwake: () => void) => void;
  /** The automatic properties of an event: address, title, screen, language and the like. */
  readonly page: (redaction: Redaction) => Record<string, unknown>;
  /** It is made before anybody looks at it, and perhaps nobody ever will (SDK-T8). */
  readonly isUnseen: () => boolean | undefined;
  /** Do-Not-Track or Global Privacy Control is on. */
  readonly refusesTracking: number | boolean | undefined;
  /** Loads what mends trouble; rejects when it cannot be had. */
  readonly loadRepair: () => Promise<Repair>;
  /** Takes listeners and timers away again. */
  readonly stop: () => void;
}

/** A body as it is, or as gzip; either is sent as `text/plain;charset=UTF-8`. */
export type Packed = string | InstanceType<typeof Blob>;

export interface Answer {
  readonly status: number;
  /** Its body. */
  readonly reply: string;
  readonly headers: { get(name: string): string | null };
}

/** `localStorage`: its own keys are those that are stored. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
