import { cookieStore } from './cookie.ts';
import { deviceOfLink } from './link-parameter.ts';
import { mixpanelStore } from './migrate.ts';
import type { Options } from './options.ts';
import type { TagAttributes } from './script.ts';

/** Where a tag says that who the visitor is comes from and is kept: over a link, from Mixpanel, in a cookie. */
export function storeOptions(tag: TagAttributes): Options {
  const { persistence, cookieDomain, migrate, crossDomains } = tag;
  return {
    store: (store, token) => {
      const layers = [
        migrate && mixpanelStore(),
        crossDomains && deviceOfLink(),
        persistence === 'cookie' && cookieStore(cookieDomain ? { domain: cookieDomain } : {}),
      ];
      return layers.reduce<typeof store>(
        (inner, layer) => (layer ? layer(inner, token) : inner),
        store,
      );
    },
  };
}
// What the tag loads.
export default storeOptions;
