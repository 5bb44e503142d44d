import type { Options } from './options.ts';
import type { Answer, KeyValueStore, Surroundings } from './surroundings.ts';

/** A request that hangs longer counts as one that failed. */
const timeoutMs = 20_000;
/** Shorter bodies are hardly worth the work. */
const gzipFrom = 2000;

/** The page's own browser. Call it only where there is a `window`. */
export function browserSurroundings(options: Options): Surroundings {
  const { crypto, screen } = window;
  const setTimer = window.setTimeout.bind(window);
  const clearTimer = window.clearTimeout.bind(window);
  const cleanups: (() => void)[] = [];
  let isOver = false;
  /** Costs a millisecond at the first call. */
  let zone: string | undefined;

  const listen = (target: EventTarget, name: string, run: () => void): void => {
    target.addEventListener(name, run, true);
    cleanups.push(() => target.removeEventListener(name, run, true));
  };
  const bytes = (count: number, base: 16 | 36): string[] =>
    Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) =>
      (byte % base).toString(base),
    );
  // Reading the viewport may make the browser lay the page out, so it is read once a size.
  let viewport: Record<string, unknown> | undefined;
  listen(window, 'resize', () => {
    viewport = undefined;
  });
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & {
    doNotTrack?: string;
    globalPrivacyControl?: boolean;
  };

  return {
    post: createPost(options.fetch ?? window.fetch.bind(window), setTimer, clearTimer),
    storage: /^(memory|none)$/.test(options.persistence ?? '') ? undefined : openStorage(),
    now: Date.now,
    monotonic: performance.now.bind(performance),
    random: Math.random,
    uuid: () => uuidFrom(bytes(32, 16).join('')),
    characters: (count) => bytes(count, 36).join(''),
    after(ms, run) {
      const timer = isOver ? 0 : setTimer(() => isOver || run(), ms);
      return () => clearTimer(timer);
    },
    onHidden(run) {
      listen(window, 'pagehide', () => run(true));
      listen(document, 'visibilitychange', () => {
        if (document.visibilityState === 'hidden') run(false);
      });
    },
    onAwake(run) {
      listen(window, 'online', run);
      listen(window, 'pageshow', run);
      listen(document, 'visibilitychange', () => {
        if (document.visibilityState === 'visible') run();
      });
    },
    page() {
      viewport ??= { $viewport_width: innerWidth, $viewport_height: innerHeight };
      const { connection } = navigator as { connection?: { effectiveType?: string } };
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
          $connection: connection?.effectiveType,
        },
      };
    },
    refusesTracking: doNotTrack === '1' || globalPrivacyControl === true,
    stop() {
      isOver = true;
      cleanups.forEach((cleanup) => cleanup());
    },
  };
}

function createPost(
  fetch: typeof window.fetch,
  setTimer: (run: () => void, ms: number) => number,
  clearTimer: (timer: number) => void,
): Surroundings['post'] {
  return async (url, body, leaving): Promise<Answer> => {
    if (leaving && !('keepalive' in Request.prototype)) {
      navigator.sendBeacon(url, body);
      throw new Error('a beacon has no answer');
    }
    const abort = new AbortController();
    const timer = setTimer(() => abort.abort(), timeoutMs);
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
      } as RequestInit);
      const retryAfter = response.headers.get('retry-after');
      return { status: response.status, text: await response.text(), retryAfter };
    } finally {
      clearTimer(timer);
    }
  };
}

/** As it is where the browser cannot. */
function compress(body: string): BodyInit | Promise<BodyInit> {
  if (typeof CompressionStream === 'undefined') return body;
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

/** Reading `localStorage` throws where storage is denied. */
function openStorage(): KeyValueStore | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

/** `crypto.randomUUID` exists only on https and localhost; a shop on plain http has visitors too. */
function uuidFrom(hex: string): string {
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-a$4-');
}
