import type { BrowserContext, Page } from '@playwright/test';
import type { Mixpanel } from 'mixpanel-browser';
import { demoProject } from '@arbor/demo-world/demo-project';
import { expect } from '@playwright/test';
import type { QueryInput } from '@arbor/schema/query';
import type { InsightsResult, ListResult } from '@arbor/schema/result';
import { servePage } from './page-server.ts';
import { apiUrl } from './stack.ts';

/** What a page with the official client offers to the tests. */
export interface ClientWindow {
  readonly mixpanel: Mixpanel;
}

/** An answer to one request of the client, as the browser let the page see it. */
export interface ClientAnswer {
  /** `/track/`, `/engage/`, `/groups/` or `/record/`. */
  readonly path: string;
  readonly status: number;
  readonly body: string;
}

/** A page of a customer with the official client, unmodified, on an origin of its own. */
export interface ClientPage {
  readonly page: Page;
  readonly answers: readonly ClientAnswer[];
  /** What the page threw: nothing, if all is well. */
  readonly errors: readonly Error[];
  close(): Promise<void>;
}

/** Opens the page; it does nothing by itself but what `options` of `mixpanel.init` say. */
export async function openClient(context: BrowserContext, options: object): Promise<ClientPage> {
  const own = { api_host: apiUrl, persistence: 'localStorage', ignore_dnt: true, ...options };
  const site = await servePage(`
    import mixpanel from 'mixpanel-browser';
    mixpanel.init('${demoProject.token}', ${JSON.stringify(own)});
    window.mixpanel = mixpanel;
  `);
  const page = await context.newPage();
  const answers: ClientAnswer[] = [];
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  page.on('requestfinished', async (request) => {
    // Nobody can read what a beacon was answered.
    if (!request.url().startsWith(apiUrl) || request.resourceType() === 'ping') return;
    const response = await request.response();
    const { pathname } = new URL(request.url());
    answers.push({
      path: pathname,
      status: response?.status() ?? 0,
      body: (await response?.text()) ?? '',
    });
  });
  await page.goto(site.url);
  return {
    page,
    answers,
    errors,
    close: async () => {
      await page.close();
      await site.close();
    },
  };
}

/** Calls the client in the page: the name of a method, or of one of `people`, and what it is given. */
export function call(page: Page, method: string, ...given: readonly unknown[]): Promise<void> {
  return page.evaluate(
    ([name, args]) => {
      const { mixpanel } = window as unknown as ClientWindow;
      const [own = '', ofPeople] = name.split('.');
      const target = (ofPeople === undefined ? mixpanel : mixpanel.people) as unknown as Record<
        string,
        (...args: readonly unknown[]) => unknown
      >;
      target[ofPeople ?? own]?.(...args);
    },
    [method, given] as const,
  );
}

const listed = (query: QueryInput): Promise<ListResult> => ask<ListResult>(query);

async function ask<Result>(query: QueryInput): Promise<Result> {
  const response = await fetch(`${apiUrl}/api/v1/query?project_id=${demoProject.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(query),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { result: Result }).result;
}

const day = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** The stored events of a name with all their properties, newest first. */
export async function storedEvents(event: string): Promise<Record<string, unknown>[]> {
  const { events } = await listed({
    type: 'list',
    of: {
      type: 'insights',
      range: { from: day(-2), to: day(2) },
      metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'total' } }],
    },
    point: { type: 'insights', metric: 0 },
    what: 'events',
  });
  return events.map(({ properties }) => properties);
}

/** The users who did the event, with these properties of their profiles. */
export async function profilesBehind(
  event: string,
  columns: readonly string[],
): Promise<Record<string, unknown>[]> {
  const { profiles = [] } = await listed({
    type: 'list',
    of: {
      type: 'insights',
      range: { from: day(-2), to: day(2) },
      metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'unique' } }],
    },
    point: { type: 'insights', metric: 0 },
    columns: [...columns],
  });
  return profiles;
}

/** How many groups of a key the event was done in, by a property of their profiles; `(not set)` counts those without. */
export async function groupsBehind(
  event: string,
  groupKey: string,
  name: string,
): Promise<Record<string, number | null>> {
  const { series } = await ask<InsightsResult>({
    type: 'insights',
    range: { from: day(-2), to: day(2) },
    unit: 'total',
    groupKey,
    metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'unique' } }],
    breakdowns: [{ property: { scope: 'group', groupKey, name } }],
  });
  return Object.fromEntries(
    series.flatMap(({ segment, total }) => (segment === null ? [] : [[segment.text, total]])),
  );
}
