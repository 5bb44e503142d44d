import fs from 'node:fs';
import path from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import type { OverridedMixpanel } from 'mixpanel-browser';
import { servePage } from './page-server.ts';
import { apiUrl, dataDir, viewUrl } from './stack.ts';

/**
 * The first hour of a customer, in order: make the account with the one-time link, connect a site that
 * uses mixpanel-browser unmodified, and see what it sends in all four views.
 */
test.describe.configure({ mode: 'serial' });

const password = 'correct horse battery staple';
let context: BrowserContext;
let dashboard: Page;
let projectId = 0;
let token = '';

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext();
  dashboard = await context.newPage();
});
test.afterAll(() => context.close());

test('the one-time link makes an owner with a first project', async () => {
  const link = fs.readFileSync(path.join(dataDir, 'setup-link.txt'), 'utf8').trim();
  await dashboard.goto(link);
  await dashboard.getByLabel('Your name').fill('Anna Owner');
  await dashboard.getByLabel('E-mail').fill('anna@example.com');
  await dashboard.getByLabel('Password').fill(password);
  await dashboard.getByLabel('Organisation').fill('Acme');
  await dashboard.getByLabel('First project').fill('Site');
  await dashboard.getByTestId('create-owner').click();
  await expect(dashboard.getByTestId('connect-snippet')).toBeVisible();
  projectId = Number(/\/p\/(\d+)\//.exec(dashboard.url())?.[1]);
  expect(projectId).toBeGreaterThan(1000);
  token =
    /[0-9a-f]{32}/.exec(
      (await dashboard.getByTestId('connect-snippet').textContent()) ?? '',
    )?.[0] ?? '';
  expect(token).not.toBe('');
});

test('the link works once, and other people need the password', async ({ browser }) => {
  expect(fs.existsSync(path.join(dataDir, 'setup-link.txt'))).toBe(false);
  const stranger = await browser.newContext();
  const page = await stranger.newPage();
  await page.goto(`/p/${projectId}/insights`);
  await expect(page.getByTestId('no-access').or(page.getByTestId('sign-in')).first()).toBeVisible();
  await page.goto('/signin');
  await page.getByLabel('E-mail').fill('anna@example.com');
  await page.getByLabel('Password').fill(password);
  await page.getByTestId('sign-in').click();
  await expect(page).toHaveURL(/\/p\/\d+\//);
  await stranger.close();
});

test('mixpanel-browser, unmodified: events, people and an alias are in Live within 2 s', async ({
  browser,
}) => {
  const site = await servePage(`
    import mixpanel from 'mixpanel-browser';
    mixpanel.init(${JSON.stringify(token)}, { api_host: ${JSON.stringify(apiUrl)}, batch_flush_interval_ms: 200 });
    Object.assign(window, { mixpanel });
  `);
  const visitor = await browser.newContext();
  const page = await visitor.newPage();
  await dashboard.goto(`/p/${projectId}/live`);
  await expect(
    dashboard.getByTestId('live-empty').or(dashboard.getByTestId('live-list')).first(),
  ).toBeVisible();
  try {
    await page.goto(site.url);
    const sentAt = Date.now();
    await page.evaluate(() => {
      const { mixpanel } = window as unknown as {
        mixpanel: OverridedMixpanel;
      };
      mixpanel.track('Page opened', { section: 'home' });
      mixpanel.track('Signed up', { plan: 'pro' });
      mixpanel.identify('ada@example.com');
      mixpanel.people.set({ $name: 'Ada', plan: 'pro' });
      mixpanel.alias('customer-1', 'ada@example.com');
      mixpanel.track('Order placed', { amount: 42 });
    });
    const rows = dashboard.getByTestId('live-row');
    const row = (kind: string, text: string) =>
      dashboard.locator(`[data-testid="live-row"][data-kind="${kind}"]`).filter({ hasText: text });
    await expect(row('event', 'Page opened')).toHaveCount(1, { timeout: 60_000 });
    await expect(row('event', 'Signed up')).toHaveCount(1);
    await expect(row('event', 'Order placed')).toHaveCount(1);
    await expect(row('person', 'ada@example.com').first()).toBeVisible();
    await expect(row('alias', '').first()).toBeVisible();
    const took = Date.now() - sentAt;
    // The client itself waits up to its flush interval; Live adds the way through the system.
    test.info().annotations.push({ type: 'live', description: `all rows after ${took} ms` });
    await rows.filter({ hasText: 'Order placed' }).click();
    await expect(dashboard.getByTestId('panel')).toContainText('42');
  } finally {
    await visitor.close();
    await site.close();
  }
});

test('the same events are right in Insights, Funnels and Retention: one user, not three', async () => {
  const range = { preset: '7d' };
  // The first cell names the metric, the second is its total.
  const rows = dashboard.getByTestId('report-table').locator('tbody tr');
  const insights = viewUrl(projectId, 'insights', {
    range,
    unit: 'day',
    metrics: [
      { event: null, filters: [], measure: { type: 'total' } },
      { event: null, filters: [], measure: { type: 'unique' } },
    ],
    filters: [],
    breakdown: null,
    chart: 'line',
  });
  // Live has them before a zone under load answers with them, and a report is asked once.
  await expect(async () => {
    await dashboard.goto(insights);
    await expect(rows.nth(0).locator('td').nth(1)).toHaveText('3', { timeout: 5000 });
  }).toPass();
  await expect(rows.nth(1).locator('td').nth(1)).toHaveText('1');

  await dashboard.goto(
    viewUrl(projectId, 'funnels', {
      range,
      steps: ['Page opened', 'Signed up', 'Order placed'].map((event) => ({ event, filters: [] })),
      window: { value: 7, unit: 'day' },
      filters: [],
      breakdown: null,
    }),
  );
  for (const step of [0, 1, 2]) {
    await expect(dashboard.getByTestId(`funnel-step-${step}-count`)).toHaveText('1');
  }

  await dashboard.goto(
    viewUrl(projectId, 'retention', {
      range,
      birth: { event: 'Page opened', filters: [] },
      return: { event: 'Order placed', filters: [] },
      unit: 'day',
      criterion: 'on',
      mode: 'calendar',
      births: 'every_bucket',
      intervals: 2,
      filters: [],
      breakdown: null,
      shown: 'users',
    }),
  );
  const cohort = dashboard.getByTestId('retention-table').locator('tbody tr').last();
  await expect(cohort.locator('td').nth(0)).toHaveText('1');
  await expect(cohort.locator('td').nth(1)).toContainText('1');
});

test("the user's page: edited, unmerged and merged again, all at once", async () => {
  await dashboard.goto(`/p/${projectId}/users`);
  await expect(dashboard.getByTestId('users-count')).toHaveText('1 user');
  // Found by an identifier that is neither name nor e-mail.
  await dashboard.getByTestId('users-search').fill('customer-1');
  await dashboard.getByTestId('user-row').click();
  await expect(dashboard.getByTestId('user-name')).toHaveText('Ada');
  await expect(dashboard.getByTestId('user-events').first()).toHaveText('3');

  await dashboard.getByTestId('property-add').click();
  await dashboard.getByTestId('property-name').fill('tier');
  await dashboard.getByTestId('property-value').fill('gold');
  await dashboard.getByTestId('property-save').click();
  await expect(dashboard.getByTestId('user-properties')).toContainText('gold');

  await dashboard.getByTestId('user-tab').getByText('Identity').click();
  const joined = dashboard.locator('[data-testid="identity-link"][data-state="joined"]');
  const customer = joined.filter({ hasText: 'customer-1' });
  await customer.getByTestId('unmerge').click();
  await expect(dashboard.getByTestId('split-preview')).toContainText('gives back two users');
  await dashboard.getByTestId('confirm').click();
  await expect(dashboard.locator('[data-testid="identity-link"][data-state="undone"]')).toHaveCount(
    1,
  );
  await expect(dashboard.getByTestId('user-identifiers')).not.toContainText('customer-1');

  await dashboard.getByTestId('user-menu').click();
  await dashboard.getByRole('menuitem', { name: 'Merge with another user' }).click();
  await dashboard.getByTestId('merge-other').fill('customer-1');
  await dashboard.getByTestId('confirm').click();
  await expect(dashboard.getByTestId('user-identifiers')).toContainText('customer-1');
});

test('an erasure is asked for, carried out and told of by a receipt', async () => {
  // Many processes take turns in it, on two cores that also draw the page.
  test.setTimeout(300_000);
  // Live has all that was sent, also what reports do not count: the client says `$identify` and `$create_alias` by events.
  await dashboard.goto(`/p/${projectId}/live`);
  const sent = dashboard.locator('[data-testid="live-row"][data-kind="event"]');
  await expect(sent.filter({ hasText: 'Page opened' })).toHaveCount(1);
  const sentCount = await sent.count();
  expect(sentCount).toBeGreaterThan(3);
  await dashboard.goto(`/p/${projectId}/users/customer-1`);
  await dashboard.getByTestId('user-menu').click();
  await dashboard.getByRole('menuitem', { name: 'Erase user' }).click();
  await expect(dashboard.getByTestId('confirm')).toBeDisabled();
  await dashboard.getByTestId('confirm-typed').fill('erase');
  await dashboard.getByTestId('confirm').click();
  await expect(dashboard.getByTestId('erasure-text')).toContainText(
    `User erased. ${sentCount} events`,
    { timeout: 120_000 },
  );
  await dashboard.goto(`/p/${projectId}/users/customer-1`);
  await expect(dashboard.getByTestId('user-unknown')).toBeVisible();
});
