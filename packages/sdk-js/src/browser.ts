import type { Options } from './options.ts';
import { addressProperties } from './page.ts';
import type { Surroundings } from './surroundings.ts';

/** The page's own browser. Call it only where there is a `window`. */
export function browserSurroundings(
  { persistence, fetch = window.fetch }: Options,
  loadRepair: Surroundings['loadRepair'],
): Surroundings {
  const { document, navigator } = window as Window & { navigator: LooseNavigator };
  const cleanups = new Set<() => void>();
  /** Once all has ended, what is still begun ends at once. */
  let keep = (cleanup: () => void): unknown => cleanups.add(cleanup);

  const listen = (target: EventTarget, name: string, run: () => void): void => {
    target.addEventListener(name, run, true);
    keep(() => target.removeEventListener(name, run, true));
  };
  const characters = (count: number, base = 36): string =>
    Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) =>
      (byte % base).toString(base),
    ).join('');
  /** Reading the viewport may make the browser lay the page out, so it is read once a size. */
  let device: Record<string, unknown> | undefined;
  listen(window, 'resize', () => {
    device = undefined;
  });
  return {
    async post(url, body, leaving) {
      if (leaving && !('keepalive' in Request.prototype)) {
        // A beacon has no answer.
        navigator.sendBeacon(url, body);
        return;
      }
      // A text has a type that needs no preflight, and so has what is packed; the server knows gzip by its
      // first bytes.
      const response = await fetch(url, {
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
    openStorage: () => (/^[mn]/.test(persistence as string) ? undefined : window.localStorage),
    now: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    // `crypto.randomUUID` exists only on https and localhost; a shop on plain http has visitors too.
    uuid: () => 'xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx'.replace(/x/g, () => characters(1, 16)),
    characters,
    after(ms, run) {
      const cancel = (): void => {
        clearTimeout(timer);
        cleanups.delete(cancel);
      };
      const timer = setTimeout(() => {
        cancel();
        run();
      }, ms);
      keep(cancel);
      return cancel;
    },
    watch(onHidden, onAwake) {
      listen(window, 'pagehide', () => onHidden(true));
      listen(window, 'online', onAwake);
      listen(window, 'pageshow', onAwake);
      listen(document, 'visibilitychange', () => (document.hidden ? onHidden() : onAwake()));
    },
    page: (redaction) => ({
      ...addressProperties(location.href, document.referrer, redaction),
      $title: document.title,
      ...(device ??= {
        $viewport_width: innerWidth,
        $viewport_height: innerHeight,
        $screen_width: screen.width,
        $screen_height: screen.height,
        $pixel_ratio: devicePixelRatio,
        $language: navigator.language,
        $timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        $connection: navigator.connection?.effectiveType,
      }),
    }),
    refusesTracking: navigator.doNotTrack === '1' || navigator.globalPrivacyControl,
    loadRepair,
    stop() {
      cleanups.forEach((cleanup) => cleanup());
      keep = (cleanup) => cleanup();
    },
  };
}

/** What not all browsers have. */
interface LooseNavigator extends Navigator {
  readonly doNotTrack: string | null;
  readonly globalPrivacyControl?: boolean;
  readonly connection?: { readonly effectiveType?: string };
}
