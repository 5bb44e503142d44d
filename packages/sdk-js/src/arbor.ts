import { browserSurroundings } from './browser.ts';
import type { Client, Events } from './client.ts';
import { createClientOver } from './client.ts';
import { nowhere } from './nowhere.ts';
import type { Options } from './options.ts';

export type { Client, Events, Module, Profile, Properties, TrackOptions } from './client.ts';
export type { Consent, Options, Persistence, WireRecord } from './options.ts';

/**
 * Starts measuring for the project with this token. Safe anywhere: on a server the client does nothing,
 * and nothing is read before this call.
 */
export function createClient<E extends Events = Events>(
  token: string,
  options: Options = {},
): Client<E> {
  try {
    // On a server, `window` throws.
    const all = { host: location.origin, path: '/e', ...options };
    if (token)
      return createClientOver(
        token,
        all,
        browserSurroundings(all, () => import('./repair.ts')),
      ) as Client<E>;
  } catch {
    // As below.
  }
  return createClientOver('', { consent: 'denied' }, nowhere) as Client<E>;
}

/** The name of version 0.1; the same. */
export const init = createClient;
