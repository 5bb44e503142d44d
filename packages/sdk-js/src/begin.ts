import type { Client, Module } from './client.ts';
import { guard } from './guard.ts';
import type { Options } from './options.ts';
import { pages } from './pages.ts';
import { seldom, tellErrors } from './seldom.ts';
import type { Global, TagAttributes } from './script.ts';

/** Parts beside the script that are modules of a client, by the attribute that asks for them. */
const partAttributes = {
  autocapture: 'autocapture',
  vitals: 'vitals',
  crossDomains: 'link',
} as const;

/** A developer's own machine: there `?arb_debug=1` in the address does what `data-debug` does. */
const ownHost = /^(localhost|127\.[\d.]+|\[::1\]|.+\.(localhost|local|test))$/;

/** What the attributes of a tag ask for beside the core (`browser-sdk.md` SDK-I4). */
export const begin = guard((global: Global, tag: TagAttributes): void => {
  if ('track' in global) {
    addParts(global as Client, tag);
    return;
  }
  // The client waits for where the visitor's id is kept, or for an `init` of the page.
  const needsStore = tag['persistence'] === 'cookie' || tag['migrate'] || tag['crossDomains'];
  if (!needsStore) startWith({});
  else
    loadPart<Options>(tag, 'stores').then(
      (make) => startWith(make(tag)),
      () => startWith({}),
    );

  function startWith(store: Options): void {
    const { init } = global;
    global.init = (token, options) => {
      const isFirst = !('track' in global);
      const client = init(token, { ...store, ...options });
      if (isFirst) addParts(client, tag);
      return client;
    };
    if (tag['token']) global.init(tag['token']);
  }
});

function addParts(client: Client, tag: TagAttributes): void {
  const isAsked = location.search.includes('arb_debug=1') && ownHost.test(location.hostname);
  client.use(
    seldom(tag['token'] ?? '', {
      ...tag,
      ...((tag['debug'] || isAsked) && { debug: true }),
    } as Options),
  );
  client.use(tellErrors);
  if (tag['pageViews'] !== 'off') client.use(pages(tag as Parameters<typeof pages>[0]));
  for (const [attribute, part] of Object.entries(partAttributes)) {
    const asked = tag[attribute];
    if (asked === undefined) continue;
    const only = asked === 'on' ? {} : { only: asked.split(/[\s,]+/) };
    loadPart<Module>(tag, part).then(
      (make) => client.use(make({ ...tag, ...only })),
      () => {
        // Blocked or away: what there is goes on.
      },
    );
  }
}

/** What a part that lies beside the script makes of the tag. */
async function loadPart<Made>(
  { src }: TagAttributes,
  part: string,
): Promise<(tag: object) => Made> {
  const loaded = (await import(src.replace(/\.js(\?.*)?$/, `.${part}.js`))) as {
    readonly default: (tag: object) => Made;
  };
  return loaded.default;
}
