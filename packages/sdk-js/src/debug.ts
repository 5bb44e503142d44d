import type { Client, Module } from './client.ts';
import type { Report } from './core.ts';
import type { Options } from './options.ts';
import { hash } from './store.ts';

const reports: readonly Report[] = ['record', 'sent', 'refused', 'dropped', 'error'];
/** An identity that is told so often within a minute is told on each render. */
const identitiesMax = 10;
const minuteMs = 60_000;

/** What `arbor.inspect()` prints and returns. */
export interface Inspection {
  readonly ids: Client['ids'];
  readonly optedOut: boolean;
  readonly options: Options;
  /** The project's own keys; records that wait lie under `…_q_…`. */
  readonly storage: Readonly<Record<string, string>>;
}

/**
 * For developers: what happens to each record stands in the console, likely mistakes are named, and the client has
 * `inspect()` (`browser-sdk.md` SDK-RB4, SDK-RB5).
 */
export const debug =
  (token: string, options: Options): Module =>
  (client) => {
    const ends = reports.map((type) => client.on(type, (info) => say(type, info)));
    for (const mistake of mistakesOf(options)) say('mistake', mistake);
    ends.push(client.on('record', watchRecords()));
    const inspect = (): Inspection => {
      const storage = storageOf(`arb_${hash(token)}_`);
      const found = { ids: client.ids, optedOut: client.optedOut(), options, storage };
      say('inspect', found);
      return found;
    };
    Object.assign(client, { inspect });
    return () => ends.forEach((end) => end());
  };

function say(what: string, about: unknown): void {
  // The developer asked for it.
  // oxlint-disable-next-line no-console
  console.debug(what, about);
}

/** Of how the client is made. */
export function mistakesOf({ host }: Options): string[] {
  const isPlain = host?.startsWith('http:') && location.protocol === 'https:';
  return isPlain
    ? [`host ${host} is not https: the browser sends nothing there from this page`]
    : [];
}

/** Names each mistake that records show once. */
function watchRecords(): (record: Readonly<Record<string, unknown>>) => void {
  const spellings = new Map<string, string>();
  const told = new Set<string>();
  let identities: number[] = [];
  const once = (mistake: string): void => {
    if (!told.has(mistake)) say('mistake', mistake);
    told.add(mistake);
  };
  return (record) => {
    for (const name of Object.keys(Object(record['properties']) as object)) {
      const other = spellings.get(name.toLowerCase()) ?? name;
      if (other !== name) once(`properties ${other} and ${name} differ only in case`);
      spellings.set(name.toLowerCase(), other);
    }
    if (record['event'] !== '$identify') return;
    identities = [...identities, Date.now()].filter((at) => at > Date.now() - minuteMs);
    if (identities.length > identitiesMax)
      once('identify is called again and again with other ids');
  };
}

function storageOf(prefix: string): Record<string, string> {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return Object.fromEntries(keys.map((key) => [key, localStorage.getItem(key) ?? '']));
  } catch {
    // Denied.
    return {};
  }
}
