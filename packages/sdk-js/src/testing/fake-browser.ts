import { addressProperties } from '../page.ts';
import * as repair from '../repair.ts';
import type { Answer, KeyValueStore, Surroundings } from '../surroundings.ts';

export interface Sent {
  readonly url: string;
  readonly records: readonly Record<string, unknown>[];
  readonly keepalive: boolean;
  readonly at: number;
}

/** A browser whose clock, network and storage the test holds in its hands. */
export interface FakeBrowser extends Surroundings {
  readonly sent: Sent[];
  /** What the server says next and ever after; throw for a network error. */
  answer: (sent: Sent) => Answer | Promise<Answer>;
  /** Moves the clock, running what is due on the way. */
  pass: (ms: number) => Promise<void>;
  hide: (gone?: boolean) => void;
  wake: () => void;
}

export const accepted: Answer = { status: 200, reply: '{"status":1}', headers: new Headers() };

/** Pages of one browser share `disk`; without it, storage is denied. */
export function createFakeBrowser(disk?: Map<string, string>, startAt = 1_000_000): FakeBrowser {
  let time = startAt;
  let timers: { at: number; run: () => void }[] = [];
  let ids = 0;
  const storage = disk && memoryStorage(disk);
  const hidden: ((gone?: boolean) => void)[] = [];
  const awake: (() => void)[] = [];
  const browser: FakeBrowser = {
    sent: [],
    answer: () => accepted,
    async post(url, body, keepalive) {
      const records = JSON.parse(body as string) as Record<string, unknown>[];
      const sent = { url, records, keepalive, at: time };
      browser.sent.push(sent);
      return Promise.race([
        browser.answer(sent),
        new Promise<never>((_, reject) =>
          browser.after(20_000, () => reject(new Error('timed out'))),
        ),
      ]);
    },
    openStorage: () => storage,
    now: () => time,
    uuid: () => {
      // The first eight characters name the page, so they must differ from page to page.
      const page = startAt.toString(16).padStart(8, '0').slice(-8);
      return `${page}-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
    },
    after(ms, run) {
      // Browsers count in whole ms.
      const timer = { at: time + Math.ceil(ms), run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    watch(onHidden, onAwake) {
      hidden.push(onHidden);
      awake.push(onAwake);
    },
    characters: (count) => `${startAt.toString(36)}x${++ids}`.padStart(count, 'a').slice(-count),
    monotonic: () => time,
    page: (redaction) => ({
      ...addressProperties('https://shop.example.com/?plan=pro&token=x#top', '', redaction),
      $title: 'Shop',
      $screen_width: 1440,
    }),
    isUnseen: () => false,
    refusesTracking: false,
    // Bodies as they are, so that tests may read them.
    loadRepair: () => Promise.resolve({ ...repair, compress: (body) => Promise.resolve(body) }),
    stop() {
      timers = [];
    },
    async pass(ms) {
      const end = time + ms;
      for (;;) {
        await settle();
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        time = Math.max(time, next.at);
        next.run();
      }
      time = end;
    },
    hide: (gone = false) => hidden.forEach((run) => run(gone)),
    wake: () => awake.forEach((run) => run()),
  };
  return browser;
}

/** Lets promises that are already resolved run on. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** As `localStorage` is: what is stored are its own keys, the methods are not. */
function memoryStorage(disk: Map<string, string>): KeyValueStore {
  const methods: KeyValueStore = {
    getItem: (key) => disk.get(key) ?? null,
    setItem: (key, value) => disk.set(key, value),
    removeItem: (key) => disk.delete(key),
  };
  return new Proxy(methods, {
    ownKeys: () => [...disk.keys()],
    getOwnPropertyDescriptor: (target, key) =>
      disk.has(String(key))
        ? { enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(target, key),
  });
}
