import { browserSurroundings } from './browser.ts';
import type { Client, Module } from './client.ts';
import { createClientOver } from './client.ts';
import type { Options } from './options.ts';
import type { Repair } from './repair.ts';

/** The part that lies beside the script (`build.ts`, `partModules`). */
interface Part extends Repair {
  readonly pages: (options: object) => Module;
}
type Method = (...given: unknown[]) => unknown;

/**
 * The script-tag build: `window.arbor`. Before it has loaded, `window.arbor` may be a plain array of
 * calls, `arbor.push(['track', 'Signed up'])`; they are made in order now, and `push` stays.
 */
export interface Global extends Partial<Client> {
  /** Starts the client; from then on the global has its methods. A second call changes nothing. */
  init(token: string, options?: Options): Client;
  /** Starts a further client, with a token of its own. */
  createClient(token: string, options?: Options): Client;
  push(...calls: unknown[]): void;
}

/** Calls kept for an `init` that has not come yet. */
const waitingMax = 500;

/** Makes the global of a page; `start` is `createClient` with the script's own origin as default host. */
export function createGlobal(start: (token: string, options?: Options) => Client): Global {
  let client: Client | undefined;
  const waiting: unknown[] = [];
  const run = (call: unknown): void => {
    const [name, ...given] = call as [string, ...unknown[]];
    if (name === 'init') global.init(given[0] as string, given[1] as Options);
    else if (client) methodOf(client, name)?.apply(0, given);
    else if (waiting.length < waitingMax) waiting.push(call);
  };
  const global: Global = {
    init(token, options) {
      if (!client) {
        client = start(token, options);
        Object.defineProperties(global, Object.getOwnPropertyDescriptors(client));
        global.push(...waiting);
      }
      return client;
    },
    createClient: start,
    push(...calls) {
      for (const call of calls) {
        try {
          run(call);
        } catch {
          // A malformed call is the page's mistake, and not worth an error in its console.
        }
      }
    },
  };
  return global;
}

/** What a pushed call may name, `track` or `people.set`; nothing else of an object can be reached. */
function methodOf(client: Client, path: string): Method | undefined {
  const [name = '', inner] = path.split('.');
  const holder = (inner ? client.people : client) as unknown as Record<string, Method>;
  const own = inner ?? name;
  return Object.keys(holder).includes(own) ? holder[own] : undefined;
}

/**
 * Takes the place of the page's array, once: a second tag on the page does nothing. `path` is where the
 * script's server takes records. Attributes of the tag are options (SDK-I4).
 */
export function install(page: object, tag: HTMLScriptElement | null, path: string): void {
  const globals = page as Record<string, unknown>;
  const { name = 'arbor', token, pageViews, ...given } = tag?.dataset ?? ({} as DOMStringMap);
  const before = globals[name];
  if (before && !Array.isArray(before)) return;
  const url = new URL(tag?.src || location.href);
  // Before a router cleans the address.
  const landing = location.search;
  const defaults = {
    host: url.origin,
    path,
    ...given,
    // Attributes without a value.
    respectDnt: 'respectDnt' in given,
    debug: 'debug' in given,
  } as Options;
  const load = (): Promise<Part> => import(url.href.replace(/\.js.*/, '.pages.js'));
  const global = createGlobal((own, options) => {
    const all = { ...defaults, ...options };
    const client = createClientOver(own, all, browserSurroundings(all, load));
    if (pageViews !== 'off') {
      // Blocked or away: what the core does goes on.
      load().then(
        ({ pages }) => client.use(pages({ pageViews, landing })),
        () => {},
      );
    }
    return client;
  });
  globals[name] = global;
  if (token) global.init(token);
  global.push(...((before ?? []) as unknown[]));
}
