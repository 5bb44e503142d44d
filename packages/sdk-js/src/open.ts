import { browserSurroundings } from './browser.ts';
import type { Client } from './client.ts';
import { createClientOver } from './client.ts';
import { nowhere } from './nowhere.ts';
import type { Options } from './options.ts';

/** A client of a module, over the page's own browser; one that does nothing where there is none. */
export function openClient(token: string, options: Options): Client {
  try {
    // On a server, `location` throws.
    const all = { host: location.origin, path: '/e', ...options };
    if (token) {
      const surroundings = browserSurroundings(all, () => import('./repair.ts'));
      const client = createClientOver(token, all, surroundings);
      if (all.debug || !('keepalive' in Request.prototype)) {
        void import('./seldom.ts').then(
          ({ seldom }) => client.use(seldom(token, all)),
          () => {
            // Blocked: the next page sends what this one leaves, and the console stays empty.
          },
        );
      }
      return client;
    }
  } catch {
    // As below.
  }
  return createClientOver('', { consent: 'denied' }, nowhere);
}
