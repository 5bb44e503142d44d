import { browserSurroundings } from './browser.ts';
import type { Client } from './client.ts';
import { createClientOver } from './client.ts';
import { guard } from './guard.ts';
import type { Options } from './options.ts';
import type { Repair } from './repair.ts';

/** The part that lies beside the script (`build.ts`, `partModules`). */
interface Part extends Repair {
  /** Does what the tag's attributes ask for beside the core; starts the client if that has waited for it. */
  readonly begin: (global: Global, tag: TagAttributes) => void;
}

/** Attributes of the tag, and what only the script can know. */
export interface TagAttributes extends Readonly<Record<string, string | undefined>> {
  /** Address of the script. */
  readonly src: string;
  /** The query as it was when the script began, before a router cleans it. */
  readonly landing: string;
  /** Where its server takes records. */
  readonly path: string;
}

/**
 * The script-tag build: `window.arbor`. Before it has loaded, `window.arbor` may be a plain array of
 * calls, `arbor.push(['track', 'Signed up'])`; they are made in order now, and `push` stays.
 */
export interface Global extends Partial<Client> {
  /** Starts the client; from then on the global has its methods. A second call changes nothing. */
  init(this: void, token: string, options?: Options): Client;
  /** Starts a further client, with a token of its own. */
  createClient(token: string, options?: Options): Client;
  push(...calls: unknown[]): void;
}

/** A call as it is pushed. */
type Call = [path: string, ...given: unknown[]];
type Method = (...given: unknown[]) => unknown;

/** Calls kept for an `init` that has not come yet. */
const waitingMax = 500;

/** Makes the global of a page; `start` is `createClient` with the script's own origin as default host. */
export function createGlobal(start: Global['createClient']): Global {
  let client: Client | undefined;
  const waiting: Call[] = [];
  const run = guard((call: Call) => {
    const [path, ...given] = call;
    const method = path
      .split('.')
      .reduce<unknown>((holder, name) => Object(holder)[name], global) as Method | undefined;
    if (method) method(...given);
    else if (!client && waiting.length < waitingMax) waiting.push(call);
  });
  const global: Global = {
    createClient: start,
    init(token, options) {
      if (!client) {
        client = start(token, options);
        Object.setPrototypeOf(global, client);
        waiting.forEach(run);
      }
      return client;
    },
    push: (...calls) => (calls as Call[]).forEach(run),
  };
  return global;
}

/**
 * Takes the place of the page's array, once: a second tag on the page does nothing. `path` is where the
 * script's server takes records. Attributes of the tag are options (SDK-I4).
 */
export function install(page: object, tag: HTMLScriptElement | null, path: string): void {
  const globals = page as Record<string, unknown>;
  const src = tag?.src || location.href;
  const given: Record<string, string | undefined> = {
    path,
    host: src.split('/', 3).join('/'),
    ...(tag?.dataset as Record<string, string | undefined> | undefined),
  };
  const { name = 'arbor', token } = given;
  const before = globals[name] as Partial<Global> | undefined;
  if (before?.init) return;
  // Attributes without a value.
  for (const attribute in given) given[attribute] ||= 'on';
  // The name of a host may hold `.js`, too.
  const load = (): Promise<Part> => import(src.replace(/\.js(\?.*)?$/, '.pages.js'));
  const global = createGlobal((own, options) => {
    const all = { ...given, ...options } as Options;
    return createClientOver(own, all, browserSurroundings(all, load));
  });
  globals[name] = global;
  const start = (): unknown => token && global.init(token);
  // Who the visitor is must be known before the first record, so that calls wait for the part.
  if (given['persistence'] !== 'cookie' && !given['migrate'] && !given['crossDomains']) start();
  global.push(...((before ?? []) as Iterable<unknown>));
  // Before a router cleans the address.
  const attributes = { ...given, src, landing: location.search } as TagAttributes;
  // In a turn of its own (SDK-B3). Blocked or away: what the core does goes on.
  setTimeout(() => void load().then(({ begin }) => begin(global, attributes), start));
}
