/** Journeys of `ux.md` 28 that no other file here goes; `journeys.md` says where each of them is. */
import fs from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { addDays, dayStart } from '@arbor/demo-world/local-day';
import { loadDemoTruth, type DemoTruth } from '../support/demo-truth.ts';
import { tour } from '../measure/dashboard/tour.ts';
import { apiUrl, dataDir, viewUrl, watchPage } from './stack.ts';

test.describe.configure({ timeout: 300_000 });

let demo: DemoTruth;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  demo = await loadDemoTruth(apiUrl, dataDir);
});

const order = 'Order completed';
const measured = (type: string) => ({ event: order, filters: [], measure: { type } });
const payment = { scope: 'event', name: 'payment_method' };
const insights = (change: object): object => ({
  unit: 'day',
  metrics: [measured('total')],
  filters: [],
  breakdown: null,
  chart: 'line',
  ...change,
});

const digits = (text: string | null): number => Number((text ?? '').replaceAll(/[^\d.]/g, ''));
const cells = async (row: Locator): Promise<string[]> => row.locator('td').allInnerTexts();

/** The file behind the button, as lines of fields (RFC 4180). */
async function csvOf(page: Page): Promise<string[][]> {
  const download = page.waitForEvent('download');
  await page.getByTestId('csv-download').first().click();
  const text = fs.readFileSync(await (await download).path(), 'utf8');
  return text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}

test('J4: two metrics, a formula of them, segments and the time before; the file has what the table has', async ({
  page,
}) => {
  const [from, to] = [addDays(demo.from, 45), addDays(demo.from, 59)];
  const before = { from: addDays(demo.from, 30), to: addDays(demo.from, 44) };
  await page.goto(
    viewUrl(
      demoProject.id,
      'insights',
      insights({
        range: { from, to },
        unit: 'week',
        metrics: [measured('total'), measured('unique')],
        breakdown: payment,
      }),
    ),
  );
  await page.getByTestId('formula-add').click();
  await page.getByTestId('formula-text-0').fill('A / B');
  await page.keyboard.press('Enter');
  await page.locator('h1').click();
  await page.keyboard.press('x');
  const rows = page.getByTestId('report-table').locator('tbody tr');
  const formula = rows.filter({ hasText: 'ƒ' }).first();
  await expect(formula).toBeVisible();
  const total = demo.truth.total({ event: order, from, to });
  const users = demo.truth.uniques({ event: order, from, to });
  // Name, total, average, before, change, and then the weeks.
  await expect(rows.first().locator('td').nth(1)).toHaveText(total.toLocaleString('en'));
  const past = demo.truth.total({ event: order, ...before });
  await expect(page.getByTestId('report-table').locator('thead')).toContainText('Before');
  expect((await cells(rows.first())).map(digits)).toContain(past);
  expect((await cells(formula)).map(digits)).toContain(Math.round((total / users) * 100) / 100);

  const [header, ...lines] = await csvOf(page);
  expect(header?.slice(0, 4)).toEqual(['Metric', 'Segment', 'Total over range', 'Total before']);
  expect(lines).toHaveLength(await rows.count());
  const overall = lines.find((fields) => fields.includes('Overall') && fields.includes(`${total}`));
  expect(overall).toContain(`${past}`);
});

test('J4: a number is held against its segment, and broken down, from its menu', async ({
  page,
}) => {
  const range = { from: demo.from, to: demo.to };
  const state = insights({ range, unit: 'month', breakdown: payment });
  await page.goto(viewUrl(demoProject.id, 'insights', state));
  const table = page.getByTestId('report-table');
  const card = table.locator('tbody tr').filter({ hasText: 'Card' }).first();
  const open = async (item: string): Promise<void> => {
    await card.locator('[data-drill]').first().focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('drill-menu').getByRole('menuitem', { name: item }).press('Enter');
  };
  await open('Compare with this');
  await expect(card).toContainText('100.0\u00a0%');
  await expect(page.getByTestId('compare')).toContainText('Percent of Card');
  await page.goBack();
  await expect(card).not.toContainText('%');
  await open('Break down by…');
  await page.getByTestId('drill-break-down-property').click();
  await page.keyboard.type('mp_country_code');
  await page.keyboard.press('Enter');
  await expect(table.locator('thead')).toContainText('Country');
  await expect(page.getByTestId('report-title')).toContainText('by Country');
  const cards = demo.truth.totalBy({ event: order, ...range, property: 'payment_method' });
  await expect(table.locator('tbody tr').first()).toContainText(
    (cards.get('Card') ?? 0).toLocaleString('en'),
  );
});

test('J6: what must not come between and what stays the same; the columns of times add up to who converted', async ({
  page,
}) => {
  const steps = ['Product viewed', 'Added to cart', 'Checkout started', order];
  const state = {
    range: { from: demo.from, to: demo.to },
    steps: steps.map((event) => ({ event, filters: [] })),
    window: { value: 7, unit: 'day' },
    filters: [],
    breakdown: null,
  };
  await page.goto(viewUrl(demoProject.id, 'funnels', state));
  const converted = page.getByTestId('funnel-step-3-count');
  await expect(converted).toBeVisible();
  const free = digits(await converted.textContent());
  await page.getByTestId('exclusion-add').click();
  await page.getByTestId('exclusion-event-0').click();
  await page.keyboard.type('Payment failed');
  await page.keyboard.press('Enter');
  await expect(converted).not.toHaveText(free.toLocaleString('en'));
  const bound = digits(await converted.textContent());
  expect(bound).toBeLessThan(free);
  expect(bound).toBeGreaterThan(0);
  await page.getByTestId('hold-add').click();
  await page.keyboard.type('$os');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('hold-0')).toBeVisible();
  await expect(page).toHaveURL(/hold/);
  await expect(page.getByTestId('query-progress')).toHaveCount(0);

  await page.getByTestId('funnel-view-time').click();
  const times = page.getByTestId('funnel-times');
  await expect(times).toContainText('median');
  const last = page.getByTestId('report-table').locator('tbody tr').first().locator('[data-drill]');
  const held = digits(await last.last().textContent());
  expect(held).toBeLessThanOrEqual(bound);
  const chart = page.getByTestId('chart');
  await expect(chart).toHaveAttribute('aria-label', /buckets/);
  const bars = Number(/(\d+) buckets/.exec((await chart.getAttribute('aria-label')) ?? '')?.[1]);
  const tooltip = page.getByTestId('tooltip');
  const title = async (): Promise<string> => (await tooltip.innerText()).split('\n')[0] ?? '';
  await chart.locator('svg.recharts-surface').first().focus();
  let sum = 0;
  let seen = '';
  for (let bar = 0; bar < bars; bar += 1) {
    // On a busy machine the next bar's tooltip comes later than the key.
    await expect.poll(title).not.toBe(seen);
    seen = await title();
    sum += digits(await tooltip.locator('p').last().locator('span').last().textContent());
    await page.keyboard.press('ArrowRight');
  }
  expect(sum).toBe(held);
});

test('J10: range by keys, a step back in time, a part by dragging; back returns step by step', async ({
  page,
}) => {
  await page.goto(`/p/${demoProject.id}/insights`);
  const range = page.getByTestId('range-picker');
  await expect(range).toHaveText('Last 30 days');
  await expect(page.getByTestId('chart').locator('svg').first()).toBeVisible();
  await page.keyboard.press('d');
  await page.keyboard.press('w');
  await expect(range).toHaveText('Last 7 days');
  await page.keyboard.press('ArrowLeft');
  await expect(range).not.toHaveText('Last 7 days');
  const moved = (await range.textContent()) ?? '';
  await expect(page.getByTestId('query-progress')).toHaveCount(0);
  const box = await page.getByTestId('zoom').boundingBox();
  if (box === null) throw new Error('the chart has no place');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByTestId('zoom-reset')).toBeVisible();
  await expect(range).not.toHaveText(moved);
  // Nothing was clicked by it.
  await expect(page.getByTestId('drill-menu')).toHaveCount(0);
  await page.goBack();
  await expect(range).toHaveText(moved);
  await page.goBack();
  await expect(range).toHaveText('Last 7 days');
  await page.goBack();
  await expect(range).toHaveText('Last 30 days');
});

test('J19: a chart says what it shows, a value is reached by keys, and its menu is used', async ({
  page,
}) => {
  const range = { from: demo.from, to: addDays(demo.from, 13) };
  await page.goto(viewUrl(demoProject.id, 'insights', insights({ range })));
  await expect(
    page.getByRole('figure', { name: /Order completed, total, 14 buckets.*highest/ }),
  ).toBeVisible();
  await page.getByTestId('chart').locator('svg.recharts-surface').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const menu = page.getByRole('menu', { name: /Order completed/ });
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('table', { name: /Order completed/ })).toBeVisible();
});

test('J20: on a phone a board is read, its range changed, and a profile opened', async ({
  browser,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const page = await context.newPage();
  await page.goto(`/p/${demoProject.id}/boards/1`);
  await expect(page.getByTestId('chart').first()).toBeVisible();
  await page.getByTestId('board-range').click();
  await page.getByTestId('range-picker').click();
  await page.getByRole('button', { name: 'Last 7 days' }).click();
  await expect(page).toHaveURL(/7d/);
  await page.goto(`/p/${demoProject.id}/users`);
  await page.getByTestId('user-row').first().click();
  await expect(page).toHaveURL(/\/users\/.+/);
  await expect(page.locator('h1')).toBeVisible();
  await context.close();
});

test('J21: a year by the hour is drawn, and the file has each of its hours', async ({ page }) => {
  const range = { from: addDays(demo.to, -364), to: demo.to };
  await page.goto(viewUrl(demoProject.id, 'insights', insights({ range, unit: 'hour' })));
  await expect(page.getByTestId('chart').locator('path.recharts-curve').first()).toBeVisible({
    timeout: 60_000,
  });
  const [header, line] = await csvOf(page);
  const hours = header?.slice(2) ?? [];
  // Clocks change on different days of two years: 365 days are an hour longer or shorter between those.
  const startOf = (day: string): number => dayStart(day, demoProject.timezone);
  const hourCount = (startOf(addDays(range.to, 1)) - startOf(range.from)) / 3_600_000;
  expect(hours).toHaveLength(hourCount);
  // The hour that comes twice is called the same.
  expect(new Set(hours).size).toBeGreaterThanOrEqual(hourCount - 2);
  const sum = (line ?? []).slice(2).reduce((all, value) => all + Number(value), 0);
  expect(sum).toBe(demo.truth.total({ event: order, from: demo.from, to: demo.to }));
});

test('J22: an error is no empty chart: it is said, with what to do', async ({ page }) => {
  await page.route('**/trpc/query.*', (route) => route.fulfill({ status: 500, body: 'broken' }));
  const range = { from: demo.from, to: demo.to };
  await page.goto(viewUrl(demoProject.id, 'insights', insights({ range })));
  const error = page.getByTestId('report-error').or(page.getByTestId('connection-bar')).first();
  await expect(error).toBeVisible({ timeout: 120_000 });
  await expect(page.getByTestId('report-empty')).toHaveCount(0);
  await page.unroute('**/trpc/query.*');
});

test('J23: labels are those of the project in every zone of a browser', async ({ browser }) => {
  const range = { from: demo.from, to: addDays(demo.from, 2) };
  const headings: string[][] = [];
  for (const timezoneId of ['America/Los_Angeles', 'Asia/Tokyo']) {
    const context = await browser.newContext({ timezoneId });
    const page = await context.newPage();
    await page.goto(viewUrl(demoProject.id, 'insights', insights({ range, unit: 'hour' })));
    const table = page.getByTestId('report-table');
    await expect(table.locator('tbody tr').first()).toBeVisible();
    headings.push([
      ...(await table.locator('thead th').allInnerTexts()),
      ...(await table.locator('tbody td').allInnerTexts()),
    ]);
    await context.close();
  }
  expect(headings[0]).toEqual(headings[1]);
  expect(headings[0]?.length).toBeGreaterThan(72 * 2);
});

test('J24: no view asks anybody but the installation', async ({ page, baseURL }) => {
  const trouble = watchPage(page, [new URL(baseURL ?? '').host, new URL(apiUrl).host]);
  for (const { path, ready } of tour.filter(({ name }) => !name.startsWith('insights-'))) {
    await page.goto(path);
    await page.locator(ready).first().waitFor();
  }
  expect(trouble.filter((line) => line.startsWith('asked another host'))).toEqual([]);
});
