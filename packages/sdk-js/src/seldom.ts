import { beacon } from './beacon.ts';
import type { Client, Module } from './client.ts';
import { debug } from './debug.ts';
import type { Options } from './options.ts';

/** Of one page; more would only repeat what is known (`browser-sdk.md` SDK-RB1). */
const errorsMax = 5;

/** What few clients need, loaded on its own: beacons in old browsers, and the console in debug. */
export const seldom =
  (token: string, options: Options): Module =>
  (client) => {
    client.use(beacon(`${options.host}${options.path}`));
    if (options.debug) client.use(debug(token, options));
  };

/** Errors of the SDK's own are told to whoever runs the project, as `$sdk_error`. */
export function tellErrors(client: Client): () => void {
  let count = 0;
  return client.on('error', ({ message }) => {
    if (++count <= errorsMax) client.track('$sdk_error', { $message: message });
  });
}
