import { gzipSync } from 'node:zlib';
import { benchProject } from '../arbor/bench-project.ts';
import type { LoadName } from './ingest-options.ts';

/** One request, ready to be sent and sent again. */
export interface LoadRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly events: number;
}

const eventsOf: Readonly<Record<LoadName, number>> = { track: 50, import: 2000 };
/** Fast enough that the sender is not what is measured; scripts use it where a network is fast. */
const gzipLevel = 1;
const users = 100_000;
const names = ['Page viewed', 'Product viewed', 'Added to cart', 'Search', 'Order completed'];
const countries = ['DE', 'FR', 'US', 'BR', 'JP', 'IN', 'NG', 'PL'];
const pages = Array.from({ length: 200 }, (_, i) => `/catalog/section-${i % 17}/item-${i}`);

export const eventsARequest = (load: LoadName): number => eventsOf[load];

/**
 * The request number `n` of a load: events of now like a shop's (eight properties, 300 bytes), each with an `$insert_id`
 * of its own, so that one that is stored twice or not at all is seen in the count. With `probe` the first event is one
 * of that name, which a query finds without looking at the others.
 */
export function loadRequest(load: LoadName, n: number, probe?: string): LoadRequest {
  const events = eventsOf[load];
  const time = Date.now();
  const parts: string[] = [];
  for (let i = 0; i < events; i++) {
    const name = i === 0 && probe !== undefined ? probe : names[(n + i) % names.length];
    parts.push(eventText(name ?? '', { load, n, i, time }));
  }
  const text = `[${parts.join()}]`;
  const type = { 'content-type': 'application/json' };
  if (load === 'track') {
    return { path: '/track?verbose=1', headers: type, body: Buffer.from(text), events };
  }
  const credentials = Buffer.from(`${benchProject.secret}:`).toString('base64');
  return {
    path: `/import?strict=1&project_id=${benchProject.id}`,
    headers: { ...type, 'content-encoding': 'gzip', authorization: `Basic ${credentials}` },
    body: gzipSync(text, { level: gzipLevel }),
    events,
  };
}

function eventText(
  name: string,
  { load, n, i, time }: { load: LoadName; n: number; i: number; time: number },
): string {
  // Two large primes: neighbours in a request are different people, and each comes again.
  const user = (n * 7919 + i * 104_729) % users;
  return (
    `{"event":"${name}","properties":{"token":"${benchProject.token}","distinct_id":"user-${user}",` +
    `"$insert_id":"${load}-${n}-${i}","time":${time - (i % 50)},"country":"${countries[user % 8]}",` +
    `"$os":"${user % 3 === 0 ? 'iOS' : 'Android'}","page":"${pages[(user + i) % 200]}","price":${(user % 9000) / 100},` +
    `"quantity":${1 + (i % 5)},"member":${user % 4 === 0},"session":"s-${user}-${n % 64}"}}`
  );
}
