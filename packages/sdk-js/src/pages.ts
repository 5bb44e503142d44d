import { campaignOf, firstTouch, searchEngineOf } from './campaign.ts';
import type { Client, Module } from './client.ts';
import { guard } from './guard.ts';
import { watchPageViews, type PageViewOptions } from './page-views.ts';

export type { PageViewOptions } from './page-views.ts';

/** Not all browsers say what they are connected by. */
interface Connected extends Navigator {
  readonly connection?: { readonly effectiveType?: string };
}

/** A session's properties end half an hour after its last use; that is written down now and then. */
const touchMs = 60_000;

/**
 * Page views, campaigns, and where a visitor came from first (`browser-sdk.md` 10). Make it as early as
 * possible: the address is read at once, before a router cleans it.
 */
export function pages(options: PageViewOptions & { readonly landing?: string } = {}): Module {
  if (typeof window === 'undefined') return () => {};
  const found = campaignOf(options.landing ?? location.search);
  return (client) => {
    const { referrer } = document;
    const first = firstTouch(referrer, found);
    client.register(first, { once: true });
    const $search_engine = searchEngineOf(referrer);
    client.register({ ...found, ...($search_engine ? { $search_engine } : {}) }, { session: true });
    const ends = [
      rememberFirst(client, first),
      watchPageViews(options, (view) => {
        const { connection } = navigator as Connected;
        client.pageView({ ...view, $connection: connection?.effectiveType });
      }),
    ];
    return () => ends.forEach((end) => end());
  };
}

/** As it was kept when the device came for the first time, which may have been by another address. */
function firstOf(client: Client): Record<string, unknown> | undefined {
  const kept = Object.entries(client.ids?.properties ?? {}).filter(([name]) =>
    /^\$?initial_/.test(name),
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Who signs in is told by where the device came from; the session goes on with each use. */
function rememberFirst(client: Client, first: Record<string, string>): () => void {
  let touched = Date.now();
  return client.on(
    'record',
    guard((record) => {
      if (record['event'] === '$identify') client.people.setOnce(firstOf(client) ?? first);
      if (Date.now() - touched < touchMs) return;
      touched = Date.now();
      client.register({}, { session: true });
    }),
  );
}
