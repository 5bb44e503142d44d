import { vi } from 'vitest';
import type { Store } from '../store.ts';

/** A page's address, cookies and storage, as far as stores look at them. Undo with `vi.unstubAllGlobals()`. */
export interface FakePage {
  readonly cookies: Map<string, string>;
  readonly storage: Map<string, string>;
  /** What the address bar shows. */
  address: () => string;
}

/** `refusesDomain`: the browser takes no cookie with a domain; `refusesCookies`: none at all. */
export function fakePage(
  href: string,
  refused: { readonly domain?: boolean; readonly cookies?: boolean } = {},
): FakePage {
  const cookies = new Map<string, string>();
  const storage = new Map<string, string>();
  let shown = href;
  vi.stubGlobal('document', {
    get cookie() {
      return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    },
    set cookie(text: string) {
      if (refused.cookies || (refused.domain && text.includes(';domain='))) return;
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (text.includes('max-age=0')) cookies.delete(name);
      else cookies.set(name, value);
    },
  });
  vi.stubGlobal('location', new URL(href));
  vi.stubGlobal('history', {
    state: null,
    replaceState: (_: unknown, __: string, url: URL) => (shown = url.href),
  });
  vi.stubGlobal('localStorage', { getItem: (key: string) => storage.get(key) ?? null });
  return { cookies, storage, address: () => shown };
}

/** What stores are laid upon. */
export function memoryStore(texts = new Map<string, string>()): Store {
  return {
    read: (name) => texts.get(name) ?? null,
    write: (name, text) => void texts.set(name, String(text)),
    erase: (name) => void texts.delete(name),
    names: (start) => [...texts.keys()].filter((name) => name.startsWith(start)).sort(),
  };
}
