/**
 * Whether the API answers, as far as this page knows. `lost` and `restored` are called by everything
 * that talks to it; while it is lost the page is asked to try again after 1, 2, 4, 8 and then every
 * 10 seconds, and at once when the window gets the focus or the network comes back.
 */
export type Connection = {
  readonly lost: () => void;
  readonly restored: () => void;
  readonly isLost: () => boolean;
  /** Calls back when the state changes; returns the way to stop. */
  readonly subscribe: (listener: () => void) => () => void;
  /** What to call for another try; set once by the page. */
  readonly retryWith: (retry: () => Promise<void>) => () => void;
};

const firstDelayMs = 1000;
const lastDelayMs = 10_000;

export function createConnection(): Connection {
  const listeners = new Set<() => void>();
  let lost = false;
  let delayMs = firstDelayMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retry: (() => Promise<void>) | undefined;

  const change = (next: boolean): void => {
    if (lost === next) return;
    lost = next;
    for (const listener of listeners) listener();
  };
  const tryAgain = (): void => {
    clearTimeout(timer);
    if (!lost || retry === undefined) return;
    timer = setTimeout(tryAgain, delayMs);
    delayMs = Math.min(delayMs * 2, lastDelayMs);
    void retry().catch(() => undefined);
  };

  return {
    lost: () => {
      if (lost) return;
      change(true);
      delayMs = firstDelayMs;
      timer = setTimeout(tryAgain, delayMs);
    },
    restored: () => {
      clearTimeout(timer);
      change(false);
    },
    isLost: () => lost,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    retryWith: (next) => {
      retry = next;
      window.addEventListener('focus', tryAgain);
      window.addEventListener('online', tryAgain);
      return () => {
        retry = undefined;
        clearTimeout(timer);
        window.removeEventListener('focus', tryAgain);
        window.removeEventListener('online', tryAgain);
      };
    },
  };
}

export const connection = createConnection();
