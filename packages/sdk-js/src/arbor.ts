import { browserSurroundings } from './browser.ts';
import type { Client, Options } from './client.ts';
import { createClient } from './client.ts';

export type { Client, Options, Properties } from './client.ts';

/** Where nothing can be measured: on a server, or in a browser without the basics. */
const silent: Client = {
  track() {},
  identify() {},
  people: { set() {}, setOnce() {}, add() {} },
  register() {},
  reset() {},
  flush: () => Promise.resolve(),
};

/**
 * Starts measuring for the project with this token. Safe anywhere: on a server the client does nothing,
 * and nothing is read before this call.
 */
export function init(token: string, options: Options = {}): Client {
  try {
    if (typeof window === 'undefined' || !token) return silent;
    return createClient(token, options.apiHost ?? location.origin, browserSurroundings());
  } catch {
    return silent;
  }
}
