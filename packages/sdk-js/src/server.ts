import { cookieName, readIds } from './cookie.ts';
import type { Properties } from './client.ts';
import { version } from './core.ts';
import type { WireRecord } from './options.ts';

/** Who a request comes from, by the cookie of `cookie.ts`. */
export interface ServerIdentity {
  readonly distinctId: string;
  readonly deviceId?: string;
  readonly userId?: string | undefined;
}

/** `cookies`: header `Cookie` of the request. Undefined where the visitor is not known, or keeps no cookie. */
export function readIdentity(
  token: string,
  cookies: string | null | undefined,
): ServerIdentity | undefined {
  const start = `${cookieName(token)}=`;
  const found = cookies?.split('; ').find((pair) => pair.startsWith(start));
  const ids = found === undefined ? undefined : readIds(found.slice(start.length));
  return ids && { ...ids, distinctId: ids.userId ?? `$device:${ids.deviceId}` };
}

export interface RecordOptions {
  /** When it happened; now by default. */
  readonly time?: Date | number;
  /** Two records of one id, event, time and user are one: give it to what may be sent again. */
  readonly insertId?: string;
}

/** An event as the endpoint takes it, with an id of its own and a time, so that it may be sent again. */
export function eventRecord(
  event: string,
  identity: ServerIdentity,
  properties: Properties = {},
  { time = Date.now(), insertId = crypto.randomUUID() }: RecordOptions = {},
): WireRecord {
  return {
    event,
    properties: {
      ...properties,
      ...idProperties('', identity),
      time: +time,
      $insert_id: insertId,
      mp_lib: 'arbor-server',
      $lib_version: version,
    },
  };
}

/** A change of a user's profile: `personRecord('$set', { plan: 'pro' }, identity)`. */
export function personRecord(
  operator: `$${string}`,
  values: unknown,
  identity: ServerIdentity,
  { time = Date.now(), insertId = crypto.randomUUID() }: RecordOptions = {},
): WireRecord {
  return {
    ...idProperties('$', identity),
    $time: +time,
    $insert_id: insertId,
    [operator]: values,
  };
}

const idProperties = (
  prefix: string,
  { distinctId, deviceId, userId }: ServerIdentity,
): WireRecord => ({
  [`${prefix}distinct_id`]: distinctId,
  $device_id: deviceId,
  $user_id: userId,
});

export interface SendOptions {
  /** For example `https://stats.example.com`. */
  readonly host: string;
  /** Default `/e`. */
  readonly path?: string;
  readonly fetch?: typeof fetch;
}

/** What the server said: how many it took, and those that it never will. */
export interface SendResult {
  readonly accepted: number;
  readonly failed: readonly { readonly index: number; readonly code: string }[];
}

/**
 * Sends records, 2 000 at most. Rejects when the server was not reached or is busy: the same records may
 * then be sent again, what it has already it takes once.
 */
export async function sendRecords(
  token: string,
  records: readonly WireRecord[],
  { host, path = '/e', fetch: send = fetch }: SendOptions,
): Promise<SendResult> {
  // The visitor is not where this server is.
  const url = `${host.replace(/\/+$/, '')}${path}?k=${encodeURIComponent(token)}&ip=0`;
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify(records),
  });
  const text = await response.text();
  if (response.status !== 200 && response.status !== 400) {
    throw new Error(`arbor answered ${response.status}: send the records again later`);
  }
  const answer = JSON.parse(text) as Partial<SendResult>;
  return { accepted: answer.accepted ?? 0, failed: answer.failed ?? [] };
}
