import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { demoProject } from '@arbor/demo-world/demo-project';
import type { DemoEvent, DemoPerson } from '@arbor/demo-world/record';
import type { Answer } from './deliver.ts';
import { deliver } from './deliver.ts';

/** The API as the demo shop uses it: public endpoints and the project's token, like any customer. */
export interface Customer {
  /** History, in requests of at most 2000; resolves when the API has all of them. */
  importEvents(events: readonly DemoEvent[]): Promise<void>;
  /** Profiles, in requests of at most 2000. */
  updatePeople(people: readonly DemoPerson[]): Promise<void>;
  /** What happens now. */
  track(events: readonly DemoEvent[]): Promise<void>;
}

/** ingestion-api.md 3.5 and 4.4. */
const recordsPerRequest = 2000;
/** Of one day's requests; the days themselves go one after the other. */
const requestsInFlight = 4;
const timeoutMs = 60_000;
/** Loading is bound by the API's processor, and it runs beside us: pack fast rather than small. */
const gzipLevel = 1;

const compress = promisify(gzip);

export function createCustomer(options: {
  apiUrl: string;
  signal: AbortSignal;
  onTrouble: (reason: string) => void;
  /** Records that the API will never take: our mistake, to be seen in the log, but no reason to stop. */
  onRefused: (answer: Answer) => void;
  fetch?: typeof fetch;
}): Customer {
  const { apiUrl, signal, onTrouble, onRefused, fetch: send = fetch } = options;
  const base = apiUrl.replace(/\/+$/, '');
  const authorization = `Basic ${Buffer.from(`${demoProject.token}:`).toString('base64')}`;

  const post = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
  ): Promise<void> => {
    const request = async (): Promise<Answer> => {
      const response = await send(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const retryAfter = response.headers.get('retry-after');
      return { status: response.status, text: await response.text(), retryAfter };
    };
    const answer = await deliver({ request, signal, onTrouble });
    if (!isGood(answer)) onRefused(answer);
  };

  return {
    importEvents: (events) =>
      inParallel(parts(events), async (part) => {
        const body = new Uint8Array(await compress(JSON.stringify(part), { level: gzipLevel }));
        await post('/import?strict=1&ip=0', body, { authorization, 'content-encoding': 'gzip' });
      }),
    async updatePeople(people) {
      // One after the other: updates of one person keep their order.
      for (const part of parts(people)) {
        const records = part.map((person) => ({ $token: demoProject.token, ...person }));
        await post('/engage?strict=1&ip=0', JSON.stringify(records), {});
      }
    },
    async track(events) {
      const records = events.map(({ event, properties }) => ({
        event,
        properties: { token: demoProject.token, ...properties },
      }));
      await post('/track?ip=0&verbose=1', JSON.stringify(records), {});
    },
  };
}

/** Each endpoint answers JSON here, with an `error` when a record was refused, whatever the status. */
function isGood({ status, text }: Answer): boolean {
  try {
    return status === 200 && ((JSON.parse(text) as { error?: unknown }).error ?? null) === null;
  } catch {
    return false;
  }
}

function parts<T>(records: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < records.length; start += recordsPerRequest) {
    result.push(records.slice(start, start + recordsPerRequest));
  }
  return result;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: requestsInFlight }, lane));
}
