/** Kinds of charts, and what happens to values before they are drawn (`ux.md` 6). */
import { expect as plainExpect, test, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { addDays } from '@arbor/demo-world/local-day';
import { loadDemoTruth, type DemoTruth } from '../support/demo-truth.ts';
import { apiUrl, dataDir, viewUrl } from './stack.ts';

// Each answer is worked out on the cores that also run the browser.
const expect = plainExpect.configure({ timeout: 60_000 });
test.describe.configure({ timeout: 300_000 });

let demo: DemoTruth;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  demo = await loadDemoTruth(apiUrl, dataDir);
});

const order = 'Order completed';
const digits = (text: string): number => Number(text.replaceAll(/[^\d.]/g, ''));

/** Orders by the way they were paid, on days that are over: visitors who come meanwhile change nothing. */
const byPayment = (change: object): object => ({
  range: { from: demo.from, to: addDays(demo.from, 13) },
  unit: 'day',
  metrics: [{ event: order, filters: [], measure: { type: 'total' } }],
  filters: [],
  breakdown: { scope: 'event', name: 'payment_method' },
  chart: 'line',
  ...change,
});

async function open(page: Page, change: object): Promise<void> {
  await page.goto(viewUrl(demoProject.id, 'insights', byPayment(change)));
  await expect(page.getByTestId('report-table').locator('tbody tr').first()).toBeVisible();
}

test('the shares of a donut are those of the known numbers, and a share leads to what is behind it', async ({
  page,
}) => {
  await open(page, { chart: 'donut' });
  const { from } = demo;
  const known = demo.truth.totalBy({
    event: order,
    from,
    to: addDays(from, 13),
    property: 'payment_method',
  });
  const figure = page.getByTestId('chart');
  const rows = figure.locator('li');
  await expect(rows).toHaveCount(known.size);
  const values = await rows.getByRole('button').allInnerTexts();
  expect(values.map(digits)).toEqual([...known.values()].toSorted((a, b) => b - a));
  await expect(figure).toHaveAttribute('aria-label', /%/);
  await rows.getByRole('button').first().click();
  await expect(page.getByTestId('drill-menu')).toBeVisible();
});

test('a running sum ends at what there was in all, and the report is called so', async ({
  page,
}) => {
  await open(page, { breakdown: null });
  await page.getByTestId('analysis').click();
  await page.getByRole('option', { name: 'Running sum' }).click();
  await expect(page.getByTestId('report-title')).toContainText('running sum');
  const { from } = demo;
  const total = demo.truth.total({ event: order, from, to: addDays(from, 13) });
  const last = page.getByTestId('report-table').locator('tbody tr').first().locator('td').last();
  await expect(last).toHaveText(total.toLocaleString('en'));
  await page.goBack();
  await expect(last).not.toHaveText(total.toLocaleString('en'));
});
