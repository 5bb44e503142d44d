import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { expect } from '@playwright/test';
import { apiUrl } from './stack.ts';

/** A customer's site with our tag: attributes of the tag and headers of the page are in the query. */
export interface SdkSite {
  /** The address of a page whose tag has these attributes beside the token. */
  url(
    attributes?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): string;
  close(): Promise<void>;
}

export async function serveSdkSite(): Promise<SdkSite> {
  const server = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://site');
    const attributes = Object.entries(read(searchParams.get('attributes')))
      .map(([name, value]) => ` data-${name}="${value}"`)
      .join('');
    for (const [name, value] of Object.entries(read(searchParams.get('headers')))) {
      response.setHeader(name, value);
    }
    response.setHeader('content-type', 'text/html; charset=utf-8').end(
      `<!doctype html><title>A site</title>
<script async src="${apiUrl}/sdk/arbor.js" data-token="${demoProject.token}"${attributes}></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (attributes = { 'page-views': 'off' }, headers = {}) =>
      `http://127.0.0.1:${port}/?attributes=${encodeURIComponent(JSON.stringify(attributes))}` +
      `&headers=${encodeURIComponent(JSON.stringify(headers))}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const read = (text: string | null): Record<string, string> =>
  JSON.parse(text ?? '{}') as Record<string, string>;

/** What a page of the site holds, as far as the tests use it. */
export interface SdkWindow {
  readonly arbor: {
    track(event: string, properties?: object, options?: object): void;
    consent(state: string): void;
    identify(id: string): void;
    flush(): Promise<{ sent: number; left: number }>;
    on(type: string, listener: (info: { code?: string; count?: number }) => void): void;
    readonly ids?: { distinctId: string };
  };
}

/** Opens a page of the site and waits until the client is there. */
export async function open(page: Page, url: string): Promise<Page> {
  await page.goto(url);
  await page.waitForFunction(() => 'track' in ((window as { arbor?: object }).arbor ?? {}));
  return page;
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

/** How often the event is stored, and by how many users. */
export async function stored(event: string, from = -40): Promise<{ total: number; users: number }> {
  const day = (days: number): string =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const selector = { anyOf: [{ event }] };
  const response = await fetch(`${apiUrl}/api/v1/query?project_id=${demoProject.id}`, {
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
  const { result } = (await response.json()) as { result: { series: { total: number }[] } };
  return { total: result.series[0]?.total ?? 0, users: result.series[1]?.total ?? 0 };
}

/** All are stored, and none twice, also a moment later. */
export async function expectStored(event: string, count: number, timeout = 20_000): Promise<void> {
  await expect.poll(async () => (await stored(event)).total, { timeout }).toBe(count);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await stored(event)).total).toBe(count);
}
