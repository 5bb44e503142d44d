import type { KeyValueStore, Surroundings } from './surroundings.ts';

/** A request that hangs longer counts as one that failed. */
const timeoutMs = 20_000;

/** The page's own browser. Call it only where there is a `window`. */
export function browserSurroundings(): Surroundings {
  const { crypto, screen } = window;
  const fetch = window.fetch.bind(window);
  const setTimer = window.setTimeout.bind(window);
  const clearTimer = window.clearTimeout.bind(window);
  const listen = (target: EventTarget, name: string, run: () => void): void =>
    target.addEventListener(name, run);

  return {
    async post(url, body, keepalive) {
      if (keepalive && !('keepalive' in Request.prototype)) {
        navigator.sendBeacon(url, body);
        throw new Error('a beacon has no answer');
      }
      const abort = new AbortController();
      const timer = setTimer(() => abort.abort(), timeoutMs);
      try {
        // A plain string and no header of our own: the browser needs no preflight.
        const response = await fetch(url, {
          method: 'POST',
          body,
          keepalive,
          credentials: 'omit',
          referrerPolicy: 'origin',
          signal: abort.signal,
        });
        const retryAfter = response.headers.get('retry-after');
        return { status: response.status, text: await response.text(), retryAfter };
      } finally {
        clearTimer(timer);
      }
    },
    storage: openStorage(),
    now: Date.now,
    random: Math.random,
    uuid: () => uuidFrom(crypto.getRandomValues(new Uint8Array(16))),
    after(ms, run) {
      const timer = setTimer(run, ms);
      return () => clearTimer(timer);
    },
    onHidden(run) {
      listen(window, 'pagehide', run);
      listen(document, 'visibilitychange', () => {
        if (document.visibilityState === 'hidden') run();
      });
    },
    onAwake(run) {
      listen(window, 'online', run);
      listen(document, 'visibilitychange', () => {
        if (document.visibilityState === 'visible') run();
      });
    },
    page() {
      const { href } = location;
      const { referrer } = document;
      return {
        // The fragment is the page's own business: it often holds state or secrets.
        $current_url: href.split('#')[0],
        ...(referrer ? { $referrer: referrer, $referring_domain: new URL(referrer).host } : {}),
        $title: document.title,
        $screen_width: screen.width,
        $screen_height: screen.height,
        $language: navigator.language,
      };
    },
  };
}

/** Reading `localStorage` throws where storage is denied; writing throws where it has no room. */
function openStorage(): KeyValueStore | undefined {
  try {
    const { localStorage } = window;
    localStorage.setItem('arb_', '1');
    localStorage.removeItem('arb_');
    return {
      getItem: (key) => localStorage.getItem(key),
      setItem: (key, value) => localStorage.setItem(key, value),
      removeItem: (key) => localStorage.removeItem(key),
      keys: () => Object.keys(localStorage),
    };
  } catch {
    return undefined;
  }
}

/** `crypto.randomUUID` exists only on https and localhost; a shop on plain http has visitors too. */
function uuidFrom(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64;
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
