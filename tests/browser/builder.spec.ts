import { expect, test, type Locator, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { addDays } from '@arbor/demo-world/local-day';
import { loadDemoTruth, type DemoTruth } from '../support/demo-truth.ts';
import { accessibilityBreaches } from './accessibility.ts';
import { apiUrl, dataDir, viewUrl } from './stack.ts';

/**
 * The builder: breakdowns, filters, ranges and comparison (`ux.md` 4 and 5). All questions are about days that are over
 * before the demo's visitors come in, so that their numbers stay what they are.
 */
test.describe.configure({ timeout: 180_000 });

let demo: DemoTruth;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  demo = await loadDemoTruth(apiUrl, dataDir);
});

const order = 'Order completed';
const payment = { scope: 'event', name: 'payment_method' };

const state = (own: object = {}): object => ({
  range: { from: demo.from, to: demo.to },
  unit: 'month',
  metrics: [{ event: order, filters: [], measure: { type: 'total' } }],
  filters: [],
  chart: 'bar',
  ...own,
});
const insights = (own?: object): string => viewUrl(demoProject.id, 'insights', state(own));
const table = (page: Page): Locator => page.getByTestId('report-table');

/** The total of the row over all, or of the only row. */
async function total(page: Page): Promise<number> {
  const cell = table(page).locator('tbody tr').first().locator('b').first();
  return Number(((await cell.textContent()) ?? '').replaceAll(/\D/g, ''));
}

/** How many orders were paid in each way. */
function byPayment(): readonly (readonly [way: string, count: number])[] {
  const { truth, from, to } = demo;
  const ways = [...truth.totalBy({ event: order, from, to, property: payment.name })];
  return ways.filter(([way]) => way !== notSet);
}

const notSet = '(not set)';

test('funnels and retentions are broken down by several, old links by the one they name', async ({
  page,
}) => {
  const range = { from: demo.from, to: demo.to };
  const breakdowns = [{ property: payment }, { property: { scope: 'event', name: '$os' } }];
  const steps = ['Checkout started', order].map((event) => ({ event, filters: [] }));
  const window = { value: 7, unit: 'day' };
  await page.goto(
    viewUrl(demoProject.id, 'funnels', { range, steps, window, filters: [], breakdowns }),
  );
  await expect(table(page).locator('thead')).toContainText('payment_method and Operating system');
  await expect(table(page).locator('tbody tr').nth(1)).toContainText(',');
  await page.goto(
    viewUrl(demoProject.id, 'funnels', {
      range,
      steps,
      window,
      filters: [],
      breakdown: { scope: 'event', name: '$os' },
    }),
  );
  await expect(page.getByTestId('breakdown-property-0')).toHaveText('Operating system');
});

test('filters of which any may pass, "(not set)" among the values', async ({ page }) => {
  const values = byPayment();
  const [[first, firstCount] = ['', 0], [second, secondCount] = ['', 0]] = values;
  const is = (value: string): object => ({
    property: payment,
    kind: 'text',
    operator: 'equals',
    values: [value],
  });
  await page.goto(insights({ filters: [is(first), is(second)] }));
  await expect(page.getByTestId('filter-combination')).toHaveText('All of');
  await page.getByTestId('filter-combination').click();
  await page.getByRole('option', { name: 'Any of' }).click();
  await expect.poll(() => total(page)).toBe(firstCount + secondCount);
  await expect(page).toHaveURL(/group/);
  await page.goBack();
  await expect(page.getByTestId('filter-combination')).toHaveText('All of');

  await page.goto(insights({ filters: [{ ...is(first), notSet: true }] }));
  await expect(page.getByTestId('filter-0-value')).toContainText('(not set)');
  const missing =
    demo.truth.total({ event: order, from: demo.from, to: demo.to }) -
    values.reduce((sum, [, each]) => sum + each, 0);
  await expect.poll(() => total(page)).toBe(firstCount + missing);
});

test('a range in words, one that was moved and comes back, and complete periods', async ({
  page,
}) => {
  await page.goto(insights({ range: { preset: '7d' }, unit: null }));
  const range = page.getByTestId('range-picker');
  await range.click();
  await page.getByTestId('range-text').fill('last 2 weeks');
  await page.getByTestId('range-text').press('Enter');
  await expect(range).toHaveText('Last 2 weeks');
  await page.getByRole('button', { name: 'Earlier' }).click();
  await expect(range).not.toHaveText('Last 2 weeks');
  await page.getByTestId('range-now').click();
  await expect(range).toHaveText('Last 2 weeks');
  await range.click();
  await page.getByRole('checkbox', { name: 'Complete periods only' }).click();
  await page.getByTestId('range-take').click();
  await expect(range).toHaveText('Last 2 weeks, complete');
  await page.keyboard.press('d');
  await page.keyboard.press('m');
  await expect(range).toHaveText('Month to date');
  await page.reload();
  await expect(range).toHaveText('Month to date');
});

test('compared with two days before, and with the same weekday', async ({ page }) => {
  const range = { from: demo.to, to: demo.to };
  await page.goto(insights({ range, unit: 'day', compare: { type: 'past', period: 'day' } }));
  const onDay = (day: string): number => demo.truth.total({ event: order, from: day, to: day });
  const before = async (): Promise<number> => {
    const headers = await table(page).locator('thead th, thead td').allTextContents();
    const place = headers.findIndex((header) => header.startsWith('Before'));
    if (place < 0) return Number.NaN;
    const cells = table(page).locator('tbody tr').first().locator('th, td');
    return Number(((await cells.nth(place).textContent()) ?? '').replaceAll(/\D/g, ''));
  };
  await expect.poll(before).toBe(onDay(addDays(demo.to, -1)));
  const count = page.getByTestId('compare-count');
  await count.fill('2');
  await count.press('Enter');
  await expect.poll(before).toBe(onDay(addDays(demo.to, -2)));
  await page.getByRole('checkbox', { name: 'Same weekday' }).click();
  await expect.poll(before).toBe(onDay(addDays(demo.to, -7)));
});

for (const theme of ['light'] as const) {
  for (const width of [1440, 390]) {
    test(`the builder has no accessibility breaches, ${theme}, ${width} px`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        colorScheme: theme,
        viewport: { width, height: 900 },
      });
      const page = await context.newPage();
      const behaviour = { type: 'event', did: true, event: order, times: 1, days: 30 };
      const regex = { property: payment, kind: 'text', operator: 'matches', values: ['a'] };
      await page.goto(
        insights({
          breakdowns: [{ property: payment }, { cohorts: [] }, { behaviour }],
          filters: [regex, { group: 'any', filters: [regex, { behaviour }] }],
        }),
      );
      if (width === 390) await page.getByTestId('builder-open').click();
      await expect(page.getByTestId('breakdown-2').last()).toBeVisible();
      expect(await accessibilityBreaches(page)).toEqual([]);
      if (width === 390) await page.keyboard.press('Escape');
      await page.getByTestId('range-picker').click();
      await expect(page.getByTestId('range-take')).toBeVisible();
      expect(await accessibilityBreaches(page)).toEqual([]);
      await context.close();
    });
  }
}
