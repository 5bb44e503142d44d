import { expect, test, type Locator, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { loadDemoTruth, type DemoTruth } from '../support/demo-truth.ts';
import { accessibilityBreaches } from './accessibility.ts';
import { apiUrl, dataDir, viewUrl } from './stack.ts';

// Each looks at many lists and pages, on two cores that also run the stack.
test.describe.configure({ timeout: 300_000 });

let demo: DemoTruth;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  demo = await loadDemoTruth(apiUrl, dataDir);
});

const order = 'Order completed';
const insightsState = ({ from, to }: DemoTruth, change: object = {}): object => ({
  range: { from, to },
  unit: 'week',
  metrics: [
    { event: order, filters: [], measure: { type: 'unique' } },
    { event: order, filters: [], measure: { type: 'total' } },
  ],
  filters: [],
  breakdown: { scope: 'event', name: 'payment_method' },
  chart: 'line',
  ...change,
});
const funnelState = ({ from, to }: DemoTruth): object => ({
  range: { from, to },
  steps: ['Product viewed', 'Added to cart', order].map((event) => ({ event, filters: [] })),
  window: { value: 7, unit: 'day' },
  filters: [],
  breakdown: { scope: 'event', name: '$os' },
});
const retentionState = ({ from, to }: DemoTruth): object => ({
  range: { from, to },
  birth: { event: 'Signed up', filters: [] },
  return: { event: null, filters: [] },
  unit: 'week',
  criterion: 'on',
  mode: 'rolling',
  births: 'every_bucket',
  intervals: 5,
  filters: [],
  breakdown: null,
  shown: 'users',
});

async function numberIn(locator: Locator): Promise<number> {
  return Number(((await locator.textContent()) ?? '').replaceAll(/\D/g, ''));
}

/** Opens the menu of a number by keyboard, takes one of its lists, and reads how many entries that says it has. */
async function listed(page: Page, number: Locator, list: RegExp): Promise<number> {
  await number.focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('drill-menu').getByRole('menuitem', { name: list }).press('Enter');
  const count = page.getByTestId('panel').locator('output').filter({ hasText: /\d/ });
  const total = await numberIn(count);
  // As many rows as it says: the table counts its head, too.
  await expect(page.getByTestId('panel').locator('table[aria-rowcount]')).toHaveAttribute(
    'aria-rowcount',
    String(total + 1),
  );
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('panel')).toHaveCount(0);
  return total;
}

test('behind each of 8 numbers of Insights lie as many users or events as it says', async ({
  page,
}) => {
  await page.goto(viewUrl(demoProject.id, 'insights', insightsState(demo)));
  const rows = page.getByTestId('report-table').locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  const { truth, from, to } = demo;
  expect(await numberIn(rows.nth(0).locator('[data-drill]').first())).toBe(
    truth.uniques({ event: order, from, to }),
  );
  const all = await rows.count();
  // The pinned rows over all segments come first: unique users, then events; a segment of each at the ends.
  for (const row of [0, 1, 2, all - 1]) {
    const numbers = rows.nth(row).locator('[data-drill]');
    const isUnique = ((await rows.nth(row).textContent()) ?? '').includes('A');
    for (const at of [0, 3]) {
      const value = await numberIn(numbers.nth(at));
      expect(value).toBeGreaterThan(0);
      const list = isUnique ? /^View users/ : /^View events/;
      expect(await listed(page, numbers.nth(at), list), `row ${row}, number ${at}`).toBe(value);
    }
  }
});

test('behind each of 6 numbers of a funnel lie as many users as it says', async ({ page }) => {
  await page.goto(viewUrl(demoProject.id, 'funnels', funnelState(demo)));
  for (const [testId, list] of [
    ['funnel-step-0-count', /^View users who got here/],
    ['funnel-step-2-count', /^View users who got here/],
    ['funnel-step-1-lost', /^View users who dropped off/],
    ['funnel-step-2-lost', /^View users who dropped off/],
  ] as const) {
    const number = page.getByTestId(testId);
    await expect(number).toBeVisible();
    expect(await listed(page, number, list), testId).toBe(await numberIn(number));
  }
  const segment = page.getByTestId('report-table').locator('tbody tr').nth(1);
  for (const at of [1, 2]) {
    const number = segment.locator('[data-drill]').nth(at);
    expect(await listed(page, number, /^View users who got here/)).toBe(await numberIn(number));
  }
});

test('behind each of 6 cells of a retention lie as many users as it says', async ({ page }) => {
  await page.goto(viewUrl(demoProject.id, 'retention', retentionState(demo)));
  const rows = page.getByTestId('retention-table').locator('tbody tr');
  await expect(rows.nth(1)).toBeVisible();
  for (const row of [1, 3]) {
    const size = rows.nth(row).locator('[data-drill]').first();
    const cell = rows.nth(row).locator('[data-drill]').nth(2);
    const all = await numberIn(size);
    const back = await numberIn(cell);
    expect(await listed(page, size, /^View users/)).toBe(all);
    expect(await listed(page, cell, /^View users who came back/)).toBe(back);
    expect(await listed(page, cell, /^View users who did not/)).toBe(all - back);
  }
});

test('a click on a chart opens the value that it is nearest to', async ({ page }) => {
  const metrics = [{ event: order, filters: [], measure: { type: 'total' } }];
  for (const chart of ['line', 'column']) {
    const state = insightsState(demo, { metrics, breakdown: null, chart });
    await page.goto(viewUrl(demoProject.id, 'insights', state));
    const surface = page.getByTestId('chart').locator('svg.recharts-surface').first();
    await expect(surface).toBeVisible();
    const box = await surface.boundingBox();
    if (box === null) throw new Error('the chart has no place');
    await surface.click({ position: { x: box.width / 2, y: box.height * 0.7 } });
    const item = page.getByTestId('drill-menu').getByRole('menuitem', { name: /^View events/ });
    const value = await numberIn(item);
    expect(value).toBeGreaterThan(0);
    await item.click();
    await expect(page.getByTestId('event-list-count')).toHaveText(
      `${value.toLocaleString('en-GB')} events`,
    );
  }
});

test('an event of the list opens with its properties; a link brings the list back', async ({
  page,
}) => {
  const [from] = [demo.from];
  const state = insightsState(demo, { range: { from, to: from }, unit: 'day', breakdown: null });
  await page.goto(viewUrl(demoProject.id, 'insights', state));
  const number = page.getByTestId('report-table').locator('[data-drill]').first();
  await number.click();
  await page.getByRole('menuitem', { name: /^View events/ }).click();
  await expect(page.getByTestId('event-row').first()).toBeVisible();
  await expect(page).toHaveURL(/listed/);
  await page.reload();
  await page.getByTestId('event-row').first().click();
  await expect(page.getByRole('table', { name: 'Properties' })).toContainText('payment_method');
  await page.getByTestId('list-what-users').click();
  await expect(page.getByTestId('user-list-count')).toContainText('user');
  await page.goBack();
  await expect(page.getByTestId('event-list-count')).toContainText('event');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`numbers that lead to lists bar nobody's way, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    for (const [view, state] of [
      ['insights', insightsState(demo)],
      ['funnels', funnelState(demo)],
      ['retention', retentionState(demo)],
    ] as const) {
      await page.goto(viewUrl(demoProject.id, view, state));
      const number = page.locator('[data-drill]').first();
      await expect(number).toBeVisible();
      await number.click();
      await page.getByTestId('drill-menu').getByRole('menuitem').first().click();
      await expect(page.getByTestId('user-list')).toBeVisible();
      expect(await accessibilityBreaches(page), view).toEqual([]);
    }
    await context.close();
  });
}
