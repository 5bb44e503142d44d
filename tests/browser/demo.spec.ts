import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { loadDemoTruth, type DemoTruth } from '../support/demo-truth.ts';
import { apiUrl, dataDir, viewUrl, watchPage } from './stack.ts';

const count = (value: number): string => value.toLocaleString('en-GB');

let demo: DemoTruth;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  demo = await loadDemoTruth(apiUrl, dataDir);
});

test('the demo opens at once, without an account and without a word to another host', async ({
  page,
  baseURL,
}) => {
  const trouble = watchPage(page, [new URL(baseURL ?? '').host]);
  await page.goto('/');
  await expect(page).toHaveURL(new RegExp(`/p/${demoProject.id}/insights`));
  await expect(page.getByTestId('chart').locator('svg').first()).toBeVisible();
  await expect(page.getByTestId('range-zone')).toContainText('Berlin');
  expect(trouble).toEqual([]);
});

test('Insights: total, unique users and a breakdown are the known numbers', async ({ page }) => {
  const { truth, from, to } = demo;
  const selection = { event: 'Order completed', from, to };
  await page.goto(
    viewUrl(demoProject.id, 'insights', {
      range: { from, to },
      unit: 'day',
      metrics: [
        { event: selection.event, filters: [], measure: { type: 'total' } },
        { event: selection.event, filters: [], measure: { type: 'unique' } },
      ],
      filters: [],
      breakdown: null,
      chart: 'line',
    }),
  );
  const rows = page.getByTestId('report-table').locator('tbody tr');
  await expect(rows.nth(0)).toContainText(count(truth.total(selection)));
  await expect(rows.nth(1)).toContainText(count(truth.uniques(selection)));

  const byDay = truth.totalByDay(selection);
  await expect(rows.nth(0)).toContainText(count(byDay.get(from) ?? 0));

  await page.goto(
    viewUrl(demoProject.id, 'insights', {
      range: { from, to },
      unit: 'week',
      metrics: [{ event: selection.event, filters: [], measure: { type: 'total' } }],
      filters: [],
      breakdown: { scope: 'event', name: 'payment_method' },
      chart: 'bar',
    }),
  );
  for (const [value, total] of truth.totalBy({ ...selection, property: 'payment_method' })) {
    const row = rows.filter({ hasText: value });
    await expect(row, value).toContainText(count(total));
  }
});

test('Insights: built by hand, event, measure and breakdown', async ({ page }) => {
  await page.goto(`/p/${demoProject.id}/insights`);
  await page.getByTestId('event-picker-0').click();
  await page.keyboard.type('Order comp');
  await page.keyboard.press('Enter');
  await page.getByTestId('measure-picker-0').click();
  await page
    .getByRole('menuitemradio', { name: 'Unique users' })
    .or(page.getByRole('option', { name: 'Unique users' }))
    .first()
    .click();
  await expect(page.getByTestId('report-table')).toContainText('Order completed');
  await expect(page).toHaveURL(/unique/);
  const before = page.url();
  await page.getByTestId('breakdown-picker').click();
  await page.keyboard.type('payment_method');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('report-table').locator('tbody tr')).not.toHaveCount(1);
  await page.goBack();
  await expect(page).toHaveURL(before);
  await expect(page.getByTestId('report-table').locator('tbody tr')).toHaveCount(1);
});

test('Funnels: each step has the known number of users', async ({ page }) => {
  const { truth, from, to } = demo;
  const steps = ['Product viewed', 'Added to cart', 'Checkout started', 'Order completed'];
  const counts = truth.funnel({ steps, windowMs: 7 * 86_400_000, from, to });
  await page.goto(
    viewUrl(demoProject.id, 'funnels', {
      range: { from, to },
      steps: steps.map((event) => ({ event, filters: [] })),
      window: { value: 7, unit: 'day' },
      filters: [],
      breakdown: null,
    }),
  );
  for (const [index, users] of counts.entries()) {
    await expect(page.getByTestId(`funnel-step-${index}-count`)).toHaveText(count(users));
  }
});

test('Retention: a cohort has the known size and returns', async ({ page }) => {
  const { truth, from } = demo;
  const row = truth.retention({
    day: from,
    birth: 'Signed up',
    back: null,
    intervals: 8,
    criterion: 'on',
  });
  expect(row.size).toBeGreaterThan(0);
  await page.goto(
    viewUrl(demoProject.id, 'retention', {
      range: { from, to: from },
      birth: { event: 'Signed up', filters: [] },
      return: { event: null, filters: [] },
      unit: 'day',
      criterion: 'on',
      mode: 'rolling',
      births: 'every_bucket',
      intervals: 8,
      filters: [],
      breakdown: null,
      shown: 'users',
    }),
  );
  // The first row is the average of the cohorts.
  const cohort = page.getByTestId('retention-table').locator('tbody tr').nth(1);
  await expect(cohort.locator('td')).toHaveText([row.size, ...row.counts].map(count));
});

test('Live: new events arrive by themselves, and pause holds them', async ({ page }) => {
  await page.goto(`/p/${demoProject.id}/live`);
  const newest = page.getByTestId('live-row').first();
  await expect(newest).toBeVisible();
  const before = await newest.textContent();
  await expect(newest).not.toHaveText(before ?? '', { timeout: 120_000 });
  await page.getByTestId('live-pause').click();
  await expect(page.getByTestId('live-waiting')).toContainText(/new/, { timeout: 120_000 });
});
