import type { Identity } from './identity.ts';
import type { Store } from './store.ts';
import { hash, parse } from './store.ts';

export interface CookieOptions {
  /** The domain all of whose hosts share the cookie, say `example.com`. Default: this host alone. */
  readonly domain?: string;
  /** How long it lives after its last change. Default 365. */
  readonly days?: number;
}

const idName = 'id';
/** Of the encoded text: a cookie goes along with each request of the page. */
const textCharactersMax = 280;
const dayS = 86_400;

/** Of the project with this token. */
export const cookieName = (token: string): string => `arb_${hash(token)}`;

/** What the cookie holds, `<device>~<user>`; undefined where it is damaged or no cookie of ours. */
export function readIds(text: string): Pick<Identity, 'deviceId' | 'userId'> | undefined {
  try {
    const [, deviceId, userId] = /^([\w-]+)~(.*)$/.exec(decodeURIComponent(text)) ?? [];
    return deviceId ? { deviceId, userId: userId || undefined } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Option `store`: who the visitor is stands in a cookie of the first party, which the own server and,
 * with `domain`, other hosts can read; super properties and the queue stay in the browser's storage
 * (`browser-sdk.md` 7). An id that was there before moves over. Deleting the cookie makes a new device. A
 * browser that takes none keeps the id in its storage, one that refuses the domain on this host.
 */
export const cookieStore =
  (options: CookieOptions = {}) =>
  (inner: Store, token: string): Store => {
    const jar = openJar(cookieName(token), options);
    let isRefused = false;
    const store: Store = {
      ...inner,
      read(name) {
        const text = inner.read(name);
        if (name !== idName || isRefused) return text;
        const kept = parse(text) as Identity | null;
        const ids = readIds(jar.read());
        if (ids) return JSON.stringify({ properties: {}, ...kept, ...ids });
        if (kept?.deviceId) store.write(name, text as string);
        return text;
      },
      write(name, text) {
        if (name !== idName || isRefused) return inner.write(name, text);
        const { deviceId, userId = '', ...others } = parse(String(text)) as Identity;
        isRefused = !jar.write(encodeURIComponent(`${deviceId}~${userId}`));
        return inner.write(name, isRefused ? text : JSON.stringify(others));
      },
      erase(name) {
        if (name === idName) jar.write('');
        inner.erase(name);
      },
    };
    return store;
  };

interface Jar {
  read(): string;
  /** False when the browser did not take it. */
  write(text: string): boolean;
}

function openJar(name: string, { domain, days = 365 }: CookieOptions): Jar {
  const pattern = new RegExp(`(?:^|; )${name}=([^;]*)`);
  const attempt = <Result>(run: () => Result, otherwise: Result): Result => {
    try {
      return run();
    } catch {
      // A frame without an origin of its own has no cookies.
      return otherwise;
    }
  };
  const read = (): string => attempt(() => pattern.exec(document.cookie)?.[1] ?? '', '');
  const put = (text: string, more: string): void => {
    const secure = location.protocol === 'https:' ? ';secure' : '';
    const age = text ? days * dayS : 0;
    document.cookie = `${name}=${text};path=/;samesite=lax;max-age=${age}${secure}${more}`;
  };
  return {
    read,
    write: (given) =>
      attempt(() => {
        const text = given.length > textCharactersMax ? '' : given;
        if (domain) put(text, `;domain=${domain}`);
        if (read() !== text) put(text, '');
        return read() === given;
      }, false),
  };
}
