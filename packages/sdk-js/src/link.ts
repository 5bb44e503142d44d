import type { Client, Module } from './client.ts';
import { makeParameter, parameterName } from './link-parameter.ts';

export { deviceOfLink } from './link-parameter.ts';

/** The address with the device's id, good for two minutes; as it is where there is no id. */
export function linkTo(client: Client, address: string): string {
  const { deviceId } = client.ids ?? {};
  const url = new URL(address, location.href);
  if (deviceId) url.searchParams.set(parameterName, makeParameter(deviceId, Date.now()));
  return url.href;
}

export interface LinkOptions {
  /** Own domains, each with its subdomains: `['shop.example', 'blog.example']`. */
  readonly only?: readonly string[];
}

/**
 * Hands the device over to other own domains: a link to one of them gets the parameter when it is
 * followed (`browser-sdk.md` SDK-ID9). The receiving page has the option `store: deviceOfLink()`.
 */
export function link({ only = [] }: LinkOptions = {}): Module {
  return (client) => {
    const follow = (event: Event): void => {
      try {
        const anchor = (event.composedPath()[0] as Element).closest('a');
        if (!anchor) return;
        const { hostname, href } = anchor;
        const isOwn = only.some((domain) => `.${hostname}`.endsWith(`.${domain}`));
        if (!isOwn || hostname === location.hostname) return;
        anchor.href = linkTo(client, href);
        // What is copied from the page later must not hold it.
        setTimeout(() => (anchor.href = href));
      } catch {
        // The link is followed as it is.
      }
    };
    const names = ['click', 'auxclick'];
    names.forEach((name) => document.addEventListener(name, follow, true));
    return () => names.forEach((name) => document.removeEventListener(name, follow, true));
  };
}
// What the tag loads.
export default link;
