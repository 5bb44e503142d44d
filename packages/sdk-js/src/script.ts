import type { Client, Options } from './arbor.ts';
import { init } from './arbor.ts';

/**
 * The script-tag build: `window.arbor`. Before it has loaded, `window.arbor` may be a plain array of
 * calls, `arbor.push(['track', 'Signed up'])`; they are made in order now, and `push` stays.
 */
export interface Global extends Client {
  init(token: string, options?: Options): Client;
  push(...calls: unknown[]): void;
}

/** Calls kept for an `init` that has not come yet. */
const waitingMax = 500;

/** Makes the global of a page; `start` is `init` with the script's own origin as default host. */
export function createGlobal(start: (token: string, options?: Options) => Client): Global {
  let client: Client | undefined;
  const waiting: unknown[] = [];

  const push = (...calls: unknown[]): void => {
    for (const call of calls) {
      try {
        run(call);
      } catch {
        // A malformed call is the page's mistake, and not worth an error in its console.
      }
    }
  };
  const run = (call: unknown): void => {
    const [name, ...given] = call as [string, ...unknown[]];
    if (name === 'init') {
      global.init(given[0] as string, given[1] as Options | undefined);
    } else if (!client) {
      if (waiting.length < waitingMax) waiting.push(call);
    } else {
      methodsOf(client).get(name)?.(...(given as never[]));
    }
  };
  const later =
    (name: string) =>
    (...given: unknown[]): void =>
      push([name, ...given]);

  const global: Global = {
    init(token, options) {
      client ??= start(token, options);
      push(...waiting.splice(0));
      return client;
    },
    push,
    track: later('track'),
    identify: later('identify'),
    people: {
      set: later('people.set'),
      setOnce: later('people.setOnce'),
      add: later('people.add'),
    },
    register: later('register'),
    reset: later('reset'),
    flush: () => client?.flush() ?? Promise.resolve(),
  };
  return global;
}

/** What a pushed call may name; nothing else of an object can be reached by a name. */
function methodsOf(client: Client): Map<string, (...given: never[]) => unknown> {
  const { people, ...methods } = client;
  const all: [string, (...given: never[]) => unknown][] = Object.entries(methods);
  for (const [name, method] of Object.entries(people)) all.push([`people.${name}`, method]);
  return new Map(all);
}

/** Takes the place of the page's array, once: a second tag on the page does nothing. */
export function install(page: { arbor?: unknown }, tag: HTMLScriptElement | null): void {
  const before = page.arbor;
  if (before && !Array.isArray(before)) return;
  const host = tag?.src ? new URL(tag.src).origin : location.origin;
  const global = createGlobal((token, options) => init(token, { apiHost: host, ...options }));
  page.arbor = global;
  const token = tag?.dataset['token'];
  if (token) global.init(token, { apiHost: tag?.dataset['host'] ?? host });
  if (before) global.push(...(before as unknown[]));
}
