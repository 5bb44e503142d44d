import type { Store } from './store.ts';

const idName = 'id';
export const parameterName = '_arb';
/** An address that is copied and sent around must not make one device of many people. */
const freshMs = 120_000;

/** `<device>.<time>`. */
export const makeParameter = (deviceId: string, now: number): string => `${deviceId}.${now}`;

/** The device; undefined when the parameter is no such one, or is not fresh. */
export function readParameter(parameter: string, now: number): string | undefined {
  const [, deviceId, at] = /^([\w-]{8,64})\.(\d+)$/.exec(parameter) ?? [];
  return Math.abs(now - Number(at)) < freshMs ? deviceId : undefined;
}

/**
 * Option `store`: who comes over a link of another own domain (`link.ts`) stays the same device, if there
 * is none here yet (SDK-ID9). The parameter leaves the address bar.
 */
export const deviceOfLink =
  () =>
  (inner: Store): Store => {
    const url = new URL(location.href);
    const parameter = url.searchParams.get(parameterName);
    if (!parameter) return inner;
    url.searchParams.delete(parameterName);
    history.replaceState(history.state, '', url);
    const deviceId = readParameter(parameter, Date.now());
    return {
      ...inner,
      read: (name) =>
        inner.read(name) ??
        (name === idName && deviceId ? JSON.stringify({ deviceId, properties: {} }) : null),
    };
  };
