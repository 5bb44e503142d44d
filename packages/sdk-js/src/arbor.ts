import type { Client, Events } from './client.ts';
import { openClient } from './open.ts';
import type { Options } from './options.ts';
import { sampled } from './sample.ts';

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
  const filter = options.sample && { beforeSend: sampled(options) };
  return openClient(token, { ...options, ...filter }) as Client<E>;
}

/** The name of version 0.1; the same. */
export const init = createClient;
