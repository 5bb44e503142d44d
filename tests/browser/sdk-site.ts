import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Page, Request } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { expect } from '@playwright/test';
import { apiUrl } from './stack.ts';

/** Where the tag sends, unless told otherwise. */
export const endpoint = `${apiUrl}/e`;
/** The tag's script as everybody gets it. */
export const scriptUrl = `${apiUrl}/sdk/arbor.js`;

/** How a page of the site is made. */
export interface PageOptions {
  /** Of the tag, `data-` each; `{ 'page-views': 'off' }` by default. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Of the tag as they are: `nonce`, `integrity`. */
  readonly tag?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** HTML before and after the tag. */
  readonly before?: string;
  readonly after?: string;
  /** In the place of the tag. */
  readonly instead?: string;
}

/** A customer's site with our tag, on an origin of its own, so that CORS is what it is in the field. */
export interface SdkSite {
  readonly origin: string;
  /** The address of a page; short, for each record carries it. */
  url(options?: PageOptions): string;
  /** Answers requests to `path` in this way, beside the pages. */
  serve(path: string, handle: http.RequestListener): void;
  close(): Promise<void>;
}

export async function serveSdkSite(): Promise<SdkSite> {
  const pages: PageOptions[] = [];
  const handlers = new Map<string, http.RequestListener>();
  const server = http.createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const handle = handlers.get(path);
    if (handle) return handle(request, response);
    const page = pages[Number(path.slice(1))];
    if (!page) return response.writeHead(404).end();
    for (const [name, value] of Object.entries(page.headers ?? {})) response.setHeader(name, value);
    return response.setHeader('content-type', 'text/html; charset=utf-8').end(htmlOf(page));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    url: (options = {}) => `${origin}/${pages.push(options) - 1}`,
    serve: (path, handle) => handlers.set(path, handle),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function htmlOf({ attributes = { 'page-views': 'off' }, tag = '', ...page }: PageOptions): string {
  const data = Object.entries({ token: demoProject.token, ...attributes })
    .map(([name, value]) => ` data-${name}="${value}"`)
    .join('');
  const { before = '', after = '' } = page;
  const script = page.instead ?? `<script async src="${scriptUrl}"${data} ${tag}></script>`;
  // The empty icon: nothing but what a test looks at is asked for.
  return `<!doctype html><title>A site</title><link rel="icon" href="data:,">
${before}${script}${after}`;
}

/** What a page of the site holds, as far as the tests use it. */
export interface SdkWindow {
  readonly arbor: {
    init(token: string, options?: object): void;
    track(event: string, properties?: object, options?: object): void;
    pageView(properties?: object): void;
    consent(state: string): void;
    identify(id: unknown, set?: object): void;
    reset(): void;
    optOut(): void;
    optIn(): void;
    destroy(): void;
    flush(): Promise<{ sent: number; left: number }>;
    on(
      type: string,
      listener: (info: { code?: string; count?: number; record?: unknown }) => void,
    ): () => void;
    readonly ids?: { distinctId: string; deviceId: string; userId?: string };
  };
}

/**
 * Lets tests read what a page sends: the browser tells nobody what a `Blob` holds, so its bytes are sent in its place, with
 * its type.
 */
function showBlobs(): void {
  const real = window.fetch;
  window.fetch = async (url, init) => {
    const body = init?.body;
    if (!(body instanceof Blob)) return real(url, init);
    const headers = { 'content-type': body.type };
    return real(url, { ...init, headers, body: await body.arrayBuffer() });
  };
}

/** Opens a page of the site and waits until the client is there; what it sends packed can be read where `readable`. */
export async function open(
  page: Page,
  url: string,
  { readable = false }: { readonly readable?: boolean } = {},
): Promise<Page> {
  if (readable) await page.addInitScript(showBlobs);
  await page.goto(url);
  await page.waitForFunction(() => 'track' in ((window as { arbor?: object }).arbor ?? {}));
  return page;
}

/**
 * Opens a page for which so much time has passed that those before it count as gone: they would have to be silent for fifteen
 * seconds before it takes over what they left.
 */
export async function openLater(page: Page, url: string): Promise<Page> {
  await page.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now() + 16_000;
  });
  return open(page, url);
}

/** Tracks so many events of one name in one go. */
export function track(
  page: Page,
  event: string,
  count = 1,
  properties: object = {},
): Promise<void> {
  return page.evaluate(
    ([name, times, given]) => {
      const { arbor } = window as unknown as SdkWindow;
      for (let n = 0; n < times; n++) arbor.track(name, { n, ...given });
    },
    [event, count, properties] as const,
  );
}

/** Sends what waits; resolves when it is sent or the attempt is over. */
export const flush = (page: Page): Promise<{ sent: number; left: number }> =>
  page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());

/** A record on the wire. */
export interface WireRecord {
  readonly event?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The records of a request to the endpoint, whether it is compressed or not. */
export function recordsOf(request: Request): WireRecord[] {
  const body = request.postDataBuffer();
  if (!body) return [];
  const text = body[0] === 0x1f ? gunzipSync(body) : body;
  return JSON.parse(text.toString('utf8')) as WireRecord[];
}

/** Collects the records that the page sends from now on; a copy that is sent again stands here again. */
export function watchRecords(page: Page, url = endpoint): WireRecord[] {
  const records: WireRecord[] = [];
  page.on('request', (request) => {
    if (request.url() === url) records.push(...recordsOf(request));
  });
  return records;
}

/** The names of what the site has in `localStorage`. */
export const storedKeys = (page: Page): Promise<string[]> =>
  page.evaluate(() => Object.keys(localStorage).sort());

/** An answer of something that is in the place of the server; a page of another origin may read it. */
export const answer = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): { status: number; headers: Record<string, string>; body: string } => ({
  status,
  headers: {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Retry-After',
    ...headers,
  },
  body,
});

const zones = ['a', 'b'] as const;

/** How often the event is stored, and by how many users, in one zone. */
async function storedIn(
  zone: string,
  event: string,
  from: number,
): Promise<{ total: number; users: number }> {
  const day = (days: number): string =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const selector = { anyOf: [{ event }] };
  const response = await fetch(`${apiUrl}/api/v1/query?project_id=${demoProject.id}&zone=${zone}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'insights',
      range: { from: day(from), to: day(10) },
      unit: 'month',
      filters: [],
      metrics: [
        { selector, measure: { type: 'total' } },
        { selector, measure: { type: 'unique' } },
      ],
    }),
  });
  const { result } = (await response.json()) as { result?: { series: { total: number }[] } };
  return { total: result?.series[0]?.total ?? 0, users: result?.series[1]?.total ?? 0 };
}

/**
 * How often the event is stored, and by how many users, as each zone answers: two questions in a row go to
 * different zones, of which one may be a moment behind, so that the sum of both alone says that all is there.
 */
export async function storedByZone(
  event: string,
  from = -40,
): Promise<{ total: number; users: number }[]> {
  return Promise.all(zones.map((zone) => storedIn(zone, event, from)));
}

/** All are stored in every zone, and none twice, also a moment later. */
export async function expectStored(event: string, count: number, timeout = 20_000): Promise<void> {
  const totals = async (): Promise<number[]> =>
    (await storedByZone(event)).map(({ total }) => total);
  const all = zones.map(() => count);
  await expect.poll(totals, { timeout }).toEqual(all);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await totals()).toEqual(all);
}

/** So many users did it, as soon as who is who has been worked out. */
export async function expectUsers(event: string, count: number): Promise<void> {
  const users = async (): Promise<number[]> => (await storedByZone(event)).map((one) => one.users);
  await expect.poll(users).toEqual(zones.map(() => count));
}
