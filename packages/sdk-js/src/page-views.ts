import type { Properties } from './client.ts';
import { guard } from './guard.ts';
import type { Redaction } from './page.ts';
import { redactUrl } from './page.ts';

export interface PageViewOptions extends Redaction {
  /** `auto` (default): each view of a single-page application too; `first`: the load alone. */
  readonly pageViews?: 'auto' | 'first';
  /** What makes another page: the path (default), the path and query, or the whole address. */
  readonly pageViewKey?: 'path' | 'path+query' | 'full';
}

/** Changes so close together are one: routers redirect, and set the title a moment later. */
const settleMs = 50;

/**
 * A page view at load, at each change of what makes another page, and when the browser shows the page
 * again out of its cache. Returns what takes all of it away.
 */
export function watchPageViews(
  options: PageViewOptions,
  onView: (properties: Properties) => void,
): () => void {
  const { pageViewKey = 'path', pageViews } = options;
  const { history, document } = window;
  const cleanups: (() => void)[] = [];
  const keyOf = (): string =>
    pageViewKey === 'full'
      ? location.href
      : location.pathname + (pageViewKey === 'path' ? '' : location.search);
  let seen = '';
  let previousUrl: string | undefined;
  let waiting: string | undefined;
  let timer: number | undefined;

  const count = (): void => {
    clearTimeout(timer);
    if (waiting === undefined) return;
    const $navigation = waiting;
    waiting = undefined;
    onView({ $navigation, $previous_url: previousUrl });
    previousUrl = redactUrl(location.href, options);
  };
  const see = (navigation: string): void => {
    seen = keyOf();
    // What a redirect ends keeps the name of what began it.
    waiting ??= navigation;
    clearTimeout(timer);
    timer = window.setTimeout(guard(count), settleMs);
  };
  const changed = guard(() => {
    if (keyOf() !== seen) see('spa');
  });
  const listen = (name: string, run: (event: Event) => void): void => {
    window.addEventListener(name, run, true);
    cleanups.push(() => window.removeEventListener(name, run, true));
  };
  const patch = (name: 'pushState' | 'replaceState'): void => {
    const original = history[name];
    const patched: typeof original = function (this: History, ...given) {
      original.apply(this, given);
      changed();
    };
    history[name] = patched;
    cleanups.push(() => {
      // Somebody who patched it after us would lose his.
      if (history[name] === patched) history[name] = original;
    });
  };
  const start = (): void => {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    see(entry && entry.type !== 'navigate' ? entry.type : 'load');
    if (pageViews === 'first') return;
    patch('pushState');
    patch('replaceState');
    listen('popstate', changed);
    listen('hashchange', changed);
    listen('pageshow', (event) => {
      if ((event as PageTransitionEvent).persisted) see('bfcache');
    });
  };

  // At the window, before the client's own listener at the document, which sends what there is.
  listen(
    'visibilitychange',
    guard(() => {
      if (document.hidden) count();
    }),
  );
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', guard(start), { once: true });
  } else start();
  return () => {
    clearTimeout(timer);
    cleanups.forEach((cleanup) => cleanup());
  };
}
