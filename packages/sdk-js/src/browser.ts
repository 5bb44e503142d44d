import { guard } from './guard.ts';
import type { Options } from './options.ts';
import { NativeDate } from './natives.ts';
import { addressProperties } from './page.ts';
import type { KeyValueStore, Surroundings } from './surroundings.ts';

/** A request that hangs longer counts as one that failed. */
const timeoutMs = 20_000;

/** The page's own browser. Call it only where there is a `window`. */
export function browserSurroundings(
  { persistence, fetch = window.fetch }: Options,
  loadRepair: Surroundings['loadRepair'],
): Surroundings {
  // A page may put others in their place later (SDK-RB2).
  const { document, navigator, setTimeout, clearTimeout } = window as unknown as LooseWindow;
  const cleanups = new Set<() => void>();
  /** Once all has ended, what is still begun ends at once. */
  let keep = (cleanup: () => void): unknown => cleanups.add(cleanup);

  const listen = (target: EventTarget, name: string, run: () => void): void => {
    target.addEventListener(name, run, true);
    keep(() => target.removeEventListener(name, run, true));
  };
  // Pages have been seen to replace `Array.from` by what knows no second argument.
  const characters = (count: number, base = 36): string =>
    crypto
      .getRandomValues(new Uint8Array(count))
      .reduce((text, byte) => text + (byte % base).toString(base), '');
  const after = (ms: number, run: () => void): (() => void) => {
    const cancel = (): void => {
      clearTimeout(timer);
      cleanups.delete(cancel);
    };
    const timer: number = setTimeout(() => {
      cancel();
      run();
    }, ms);
    keep(cancel);
    return cancel;
  };
  let storage: KeyValueStore | undefined;
  let device: Record<string, unknown> | undefined;
  let zone: string | undefined;
  // Functions of the page's own in the place of the browser's may fail.
  const readDevice = guard(() => {
    const { Temporal } = window as unknown as LooseWindow;
    // What browsers without `Temporal` have instead takes them milliseconds when it is first used.
    zone ??= Temporal?.Now?.timeZoneId?.() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    device = {
      $viewport_width: innerWidth,
      $viewport_height: innerHeight,
      $screen_width: screen.width,
      $screen_height: screen.height,
      $pixel_ratio: devicePixelRatio,
      $language: navigator.language,
      $timezone: zone,
    };
  });
  return {
    async post(url, body, leaving) {
      // A text has a type that needs no preflight, and so has what is packed; the server knows gzip by its
      // first bytes.
      const aborter = new AbortController();
      after(timeoutMs, () => aborter.abort());
      const response = await fetch(url, {
        signal: aborter.signal,
        method: 'POST',
        body,
        keepalive: leaving,
        credentials: 'omit',
        referrerPolicy: 'origin',
        priority: 'low',
      });
      return Object.assign(response, { reply: await response.text() });
    },
    // `memory` and `none`: nothing is stored.
    openStorage: () => !/^[mn]/.test(persistence as string) && (storage ??= window.localStorage),
    now: NativeDate.now,
    monotonic: () => performance.now(),
    // `crypto.randomUUID` exists only on https and localhost; a shop on plain http has visitors too.
    uuid: () => 'xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx'.replace(/x/g, () => characters(1, 16)),
    characters,
    after,
    // In a turn of its own (SDK-B3): what is captured before is stored all the same.
    watch(onHidden, onAwake) {
      after(0, () => {
        // May make the browser lay the page out: a call waits for it only in the turn in which the client is made.
        readDevice();
        listen(window, 'resize', readDevice);
        listen(window, 'pagehide', () => onHidden(true));
        listen(window, 'online', onAwake);
        listen(window, 'pageshow', onAwake);
        listen(document, 'prerenderingchange', onAwake);
        listen(document, 'visibilitychange', () => (document.hidden ? onHidden() : onAwake()));
      });
    },
    page(redaction) {
      if (!device) readDevice();
      return {
        ...addressProperties(location.href, document.referrer, redaction),
        $title: document.title,
        ...device,
      };
    },
    isUnseen: () => (document as LooseDocument).prerendering,
    // '1' of '1', '0', 'unspecified' and null.
    refusesTracking: +navigator.doNotTrack! || navigator.globalPrivacyControl,
    loadRepair,
    stop() {
      cleanups.forEach((cleanup) => cleanup());
      keep = (cleanup) => cleanup();
    },
  };
}

/** What not all browsers have. */
interface LooseWindow {
  readonly document: Document;
  readonly setTimeout: (this: void, run: () => void, ms: number) => number;
  readonly clearTimeout: (this: void, timer: number) => void;
  readonly navigator: LooseNavigator;
  /** Or what an old library or the page itself calls so. */
  readonly Temporal?: { readonly Now?: { timeZoneId?(): string } };
}
interface LooseDocument extends Document {
  readonly prerendering?: boolean;
}
interface LooseNavigator extends Navigator {
  readonly doNotTrack: string | null;
  readonly globalPrivacyControl?: boolean;
}
