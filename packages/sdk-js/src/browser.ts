import type { Options } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** A request that hangs longer counts as one that failed. */
const timeoutMs = 20_000;
/** Shorter bodies are hardly worth the work. */
const gzipFrom = 2000;

/** The page's own browser. Call it only where there is a `window`. */
export function browserSurroundings(
  { persistence, fetch = window.fetch.bind(window) }: Options,
  loadRepair: Surroundings['loadRepair'],
): Surroundings {
  const { crypto, document, navigator, screen } = window as Window & { navigator: LooseNavigator };
  const cleanups: (() => void)[] = [];
  let isOver = false;
  /** Costs a millisecond at the first call. */
  let zone: string | undefined;

  const listen = (target: EventTarget, name: string, run: () => void): void => {
    target.addEventListener(name, run, true);
    cleanups.push(() => target.removeEventListener(name, run, true));
  };
  const characters = (count: number, base = 36): string =>
    Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) =>
      (byte % base).toString(base),
    ).join('');
  // Reading the viewport may make the browser lay the page out, so it is read once a size.
  let viewport: Record<string, unknown> | undefined;
  listen(window, 'resize', () => {
    viewport = undefined;
  });
  const after: Surroundings['after'] = (ms, run) => {
    const timer = isOver ? 0 : setTimeout(() => isOver || run(), ms);
    return () => clearTimeout(timer);
  };

  return {
    async post(url, body, leaving) {
      if (leaving && !('keepalive' in Request.prototype)) {
        // A beacon has no answer.
        navigator.sendBeacon(url, body);
        return;
      }
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), timeoutMs);
      try {
        // A type that needs no preflight; the server knows gzip by its first bytes.
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
          body: leaving || body.length < gzipFrom ? body : await compress(body),
          keepalive: leaving,
          credentials: 'omit',
          referrerPolicy: 'origin',
          priority: 'low',
          signal: abort.signal,
        });
        const retryAfter = response.headers.get('retry-after');
        return { status: response.status, text: await response.text(), retryAfter };
      } finally {
        clearTimeout(timer);
      }
    },
    storage: () => (/^[mn]/.test(persistence ?? '') ? undefined : window.localStorage),
    now: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    // `crypto.randomUUID` exists only on https and localhost; a shop on plain http has visitors too.
    uuid: () => characters(32, 16).replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-a$4-'),
    characters,
    after,
    watch(onHidden, onAwake) {
      listen(window, 'pagehide', () => onHidden(true));
      listen(window, 'online', onAwake);
      listen(window, 'pageshow', onAwake);
      listen(document, 'visibilitychange', () => (document.hidden ? onHidden() : onAwake()));
    },
    page() {
      viewport ??= { $viewport_width: innerWidth, $viewport_height: innerHeight };
      return {
        url: location.href,
        referrer: document.referrer,
        title: document.title,
        device: {
          $screen_width: screen.width,
          $screen_height: screen.height,
          ...viewport,
          $pixel_ratio: devicePixelRatio,
          $language: navigator.language,
          $timezone: (zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone),
          $connection: navigator.connection?.effectiveType,
        },
      };
    },
    refusesTracking: navigator.doNotTrack === '1' || !!navigator.globalPrivacyControl,
    loadRepair,
    stop() {
      isOver = true;
      cleanups.forEach((cleanup) => cleanup());
    },
  };
}

/** What not all browsers have. */
interface LooseNavigator extends Navigator {
  readonly doNotTrack: string | null;
  readonly globalPrivacyControl?: boolean;
  readonly connection?: { readonly effectiveType?: string };
}

/** As it is where the browser cannot. */
const compress = (body: string): BodyInit | Promise<BodyInit> =>
  'CompressionStream' in window
    ? new Response(
        new Blob([body]).stream().pipeThrough(new CompressionStream('gzip')),
      ).arrayBuffer()
    : body;
