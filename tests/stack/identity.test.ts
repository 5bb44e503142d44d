import { chromium, type Browser, type Page } from '@playwright/test';
import { findChromium } from '@arbor/local-stack/chromium';
import { repository } from '@arbor/local-stack/repository';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { liveEntrySchema, type LiveEntry } from '@arbor/schema/live';
import type { FunnelResult, InsightsResult, RetentionResult } from '@arbor/schema/result';
import Mixpanel from 'mixpanel';
import type { OverridedMixpanel } from 'mixpanel-browser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { servePage, type PageServer } from '../browser/page-server.ts';
import { ask, bootstrapOf, countEvents, owner, testProject } from '../support/project.ts';
import type { TestProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

/*
 * The white paper's example with the official clients, unmodified: Janet looks around on one device, signs up, looks
 * around on a second device and logs in there. She is one user in every report, also for what she did before.
 */

// Her identifiers lie on different shards, nearly always, and move.
const byNode = { ...testProject(61, 'identity-node'), spread: 16 };
const byBrowser = testProject(62, 'identity-browser');

let stack: TestStack;
let browser: Browser;
/** Of the owner, as the dashboard's Live has it. */
let cookie: string;
beforeAll(async () => {
  const executable = process.env.CHROMIUM_PATH;
  const found = await findChromium({ executable, cacheDirectory: repository.cache });
  browser = await chromium.launch({ ...found, env: { ...found.env }, args: [...found.args] });
  const bootstrap = bootstrapOf([byNode, byBrowser]);
  stack = await startTestStack({ web: false, demo: false, bootstrap });
  const signedIn = await fetch(new URL('/api/auth/sign-in/email', stack.apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.apiUrl },
    body: JSON.stringify(owner),
  });
  if (!signedIn.ok) throw new Error(`the owner cannot sign in: ${await signedIn.text()}`);
  cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const only = (event: string) => ({ anyOf: [{ event }] });

function nodeClient({ token }: TestProject): Mixpanel.Mixpanel {
  const { hostname, port } = new URL(stack.apiUrl);
  return Mixpanel.init(token, { host: `${hostname}:${port}`, protocol: 'http' });
}

/** The client's callbacks as a promise. */
const sent = (send: (done: (error?: Error) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    send((error) => (error ? reject(error) : resolve()));
  });

async function liveOf(project: TestProject): Promise<LiveEntry[]> {
  const url = new URL('/trpc/live.recent', stack.apiUrl);
  url.searchParams.set('input', JSON.stringify({ json: { projectId: project.id, max: 100 } }));
  const response = await fetch(url, { headers: { cookie } });
  expect(response.status).toBe(200);
  const { result } = (await response.json()) as { result: { data: { json: unknown } } };
  return liveEntrySchema.array().parse(result.data.json);
}

interface Story {
  readonly range: { readonly from: string; readonly to: string };
  readonly steps: readonly string[];
  readonly total: number;
}

/** One user in Insights, Funnels and Retention, in both zones, with the profile that she got under her name. */
async function isOneUser(project: TestProject, { range, steps, total }: Story): Promise<void> {
  for (const zone of ['a', 'b']) {
    await until(
      () => countEvents(stack.apiUrl, project, { ...range, zone }),
      (answer) => answer.total === total && answer.users === 1,
    );
    const answered = async (query: Parameters<typeof ask>[2]) =>
      (await ask(stack.apiUrl, project, query, { zone })).result;
    const funnel = (await answered({
      type: 'funnel',
      range,
      steps: steps.map(only),
    })) as FunnelResult;
    expect(funnel.steps.map(({ count }) => count)).toEqual(steps.map(() => 1));

    const retention = (await answered({
      type: 'retention',
      range,
      birth: only(steps[0] ?? ''),
      return: only(steps.at(-1) ?? ''),
      unit: 'month',
      mode: 'calendar',
      intervals: 1,
    })) as RetentionResult;
    const cohorts = retention.cohorts.filter(({ size }) => size > 0);
    expect(cohorts.map(({ size, counts }) => [size, counts[0]])).toEqual([[1, 1]]);

    // What she did before anybody knew her name is hers too, with the profile that she has now.
    const byPlan = await until(
      () =>
        answered({
          type: 'insights',
          range,
          unit: 'total',
          metrics: [{ selector: only(steps[0] ?? ''), measure: { type: 'unique' } }],
          breakdowns: [{ property: { scope: 'person', name: 'plan' } }],
        }) as Promise<InsightsResult>,
      ({ series }) => series.some(({ segment }) => segment?.text === 'pro'),
    );
    expect(
      Object.fromEntries(byPlan.series.map((one) => [one.segment?.text ?? 'all', one.total])),
    ).toEqual({ all: 1, pro: 1 });
  }
}

test('qrt-345 and pnm-321 are Janet, sent by the official Node client', async () => {
  const client = nodeClient(byNode);
  const at = (day: number, hour: number): Date => new Date(Date.UTC(2026, 2, day, hour));
  const range = { from: '2026-03-01', to: '2026-03-31' };
  const did = (event: string, by: object, time: Date) =>
    sent((done) => client.track(event, { ...by, time }, done));
  const anonymous = (device: string) => {
    return { distinct_id: `$device:${device}`, $device_id: device };
  };
  const janetOn = (device: string) => {
    return { distinct_id: 'Janet', $device_id: device, $user_id: 'Janet' };
  };
  const users = (count: number) =>
    until(
      () => countEvents(stack.apiUrl, byNode, range),
      (answer) => answer.users === count,
    );

  await did('Visit', anonymous('qrt-345'), at(2, 9));
  await did('Sign up', janetOn('qrt-345'), at(2, 10));
  await sent((done) => client.people.set('Janet', { $name: 'Janet', plan: 'pro' }, {}, done));
  await users(1);
  await did('Visit', anonymous('pnm-321'), at(5, 9));
  // Nobody can know yet who that is.
  await users(2);
  await did('Buy', janetOn('pnm-321'), at(5, 10));
  await isOneUser(byNode, { range, steps: ['Visit', 'Sign up', 'Buy'], total: 4 });

  const live = await liveOf(byNode);
  const joined = live.flatMap((entry) => (entry.kind === 'alias' ? [entry.user] : []));
  expect(joined).toEqual(['$device:qrt-345', '$device:qrt-345']);
  const buyer = live.find((entry) => entry.kind === 'event' && entry.event === 'Buy');
  expect(buyer).toMatchObject({ distinctId: 'Janet', user: '$device:qrt-345' });
});

/** A browser of its own, as a second device has, on the customer's site. */
async function visit(site: PageServer): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.url);
  return page;
}

const inPage = (page: Page, act: 'visit' | 'sign up' | 'buy'): Promise<string> =>
  page.evaluate((what) => {
    const { mixpanel } = window as unknown as { mixpanel: OverridedMixpanel };
    if (what === 'visit') mixpanel.track('Visit');
    if (what === 'sign up') {
      mixpanel.identify('Janet');
      mixpanel.people.set({ $name: 'Janet', plan: 'pro' });
      mixpanel.track('Sign up');
    }
    if (what === 'buy') {
      mixpanel.identify('Janet');
      mixpanel.track('Buy');
    }
    return String(mixpanel.get_property('$device_id'));
  }, act);

test('two browsers with mixpanel-browser and a server with the Node client are one user', async () => {
  const { token } = byBrowser;
  const site = await servePage(`
    import mixpanel from 'mixpanel-browser';
    mixpanel.init(${JSON.stringify(token)}, { api_host: ${JSON.stringify(stack.apiUrl)}, batch_flush_interval_ms: 200 });
    Object.assign(window, { mixpanel });
  `);
  const day = (offset: number) =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const range = { from: day(-1), to: day(1) };
  const visits = (total: number, users: number) =>
    until(
      () => countEvents(stack.apiUrl, byBrowser, { ...range, event: 'Visit' }),
      (answer) => answer.total === total && answer.users === users,
    );
  try {
    const first = await visit(site);
    const firstDevice = await inPage(first, 'visit');
    await inPage(first, 'sign up');
    await visits(1, 1);
    const second = await visit(site);
    const secondDevice = await inPage(second, 'visit');
    expect(secondDevice).not.toBe(firstDevice);
    await visits(2, 2);
    await inPage(second, 'buy');
    await visits(2, 1);
    await sent((done) =>
      nodeClient(byBrowser).track('Invoice paid', { distinct_id: 'Janet' }, done),
    );
    const steps = ['Visit', 'Sign up', 'Buy', 'Invoice paid'];
    await isOneUser(byBrowser, { range, steps, total: 5 });

    const live = await liveOf(byBrowser);
    const joined = live.filter((entry) => entry.kind === 'alias');
    expect(joined.map(({ refused }) => refused)).toEqual([undefined, undefined]);
    // The client sends events and people at once: whichever of them comes first says who is known first.
    const [user = ''] = joined.map((entry) => entry.user);
    const [device, other] = [`$device:${firstDevice}`, `$device:${secondDevice}`];
    expect([device, 'Janet']).toContain(user);
    expect(joined.map((entry) => entry.user)).toEqual([user, user]);
    const joinedFirst = user === device ? 'Janet' : device;
    expect(new Set(joined.map(({ alias }) => alias))).toEqual(new Set([joinedFirst, other]));
    const buyer = live.find((entry) => entry.kind === 'event' && entry.event === 'Buy');
    expect(buyer).toMatchObject({ distinctId: 'Janet', user });
  } finally {
    await site.close();
  }
});
