import { expect, test, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { flowResultSchema, queryAnswerSchema, type FlowResult } from '@arbor/schema/result';
import { loadDemoTruth, type DemoTruth } from '../support/demo-truth.ts';
import { accessibilityBreaches } from './accessibility.ts';
import { apiUrl, dataDir, viewUrl } from './stack.ts';

let demo: DemoTruth;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  demo = await loadDemoTruth(apiUrl, dataDir);
});

const event = 'Product viewed';
const stateOf = ({ from, to }: DemoTruth, change: object = {}): object => ({
  range: { from, to },
  anchors: [{ event, filters: [], before: 1, after: 2 }],
  // Shorter than the days between the range and today: who comes back while the test reads changes nothing.
  window: { value: 7, unit: 'day' },
  counting: 'unique',
  filters: [],
  breakdown: null,
  hidden: [],
  expanded: [],
  collapse: false,
  rows: 3,
  ...change,
});
const nodes = (page: Page, column: string) =>
  page.locator(`[data-testid="flow-node"][data-column="${column}"]`);

/** The same question, asked of the API by itself. */
async function askFlow({ from, to }: DemoTruth): Promise<FlowResult> {
  const response = await fetch(new URL(`/api/v1/query?project_id=${demoProject.id}`, apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'flow',
      range: { from, to },
      anchors: [{ selector: { anyOf: [{ event }] }, before: 1, after: 2 }],
      window: { value: 7, unit: 'day' },
      rows: 3,
    }),
  });
  return flowResultSchema.parse(queryAnswerSchema.parse(await response.json()).result);
}

test('Flows: the anchor has the known number of users, and each bar that of the API', async ({
  page,
}) => {
  const { truth, from, to } = demo;
  const users = truth.uniques({ event, from, to });
  const flow = await askFlow(demo);
  expect(flow.entries).toBe(users);
  await page.goto(viewUrl(demoProject.id, 'flows', stateOf(demo)));
  await expect(page.getByTestId('flow-entries')).toHaveText(users.toLocaleString('en-GB'));
  for (const { anchor, step, nodes: expected, dropOff } of flow.steps) {
    const counts = expected.map(({ count }) => count);
    const bars = nodes(page, `${anchor} ${step}`);
    await expect(bars).toHaveCount(counts.length + (dropOff > 0 ? 1 : 0));
    const shown = await bars.evaluateAll((all) =>
      all.map((bar) => Number(bar.getAttribute('data-count'))),
    );
    expect(shown).toEqual(dropOff > 0 ? [...counts, dropOff] : counts);
  }
});

test('Flows: the list behind a bar has as many users as the bar says', async ({ page }) => {
  await page.goto(viewUrl(demoProject.id, 'flows', stateOf(demo)));
  const columns = [
    nodes(page, '0 1').first(),
    page.locator('[data-testid="flow-node"][data-kind="dropped"]').first(),
    page.locator('[data-testid="flow-node"][data-kind="other"]').first(),
  ];
  for (const bar of columns) {
    await bar.waitFor();
    const count = Number(await bar.getAttribute('data-count'));
    await bar.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'View users' }).press('Enter');
    await expect(page.getByTestId('user-list-count')).toHaveText(
      `${count.toLocaleString('en-GB')} users`,
    );
    await expect(page).toHaveURL(/opened/);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('panel')).toHaveCount(0);
  }
});

test('Flows: built by hand, an event is hidden, and back shows it again', async ({ page }) => {
  await page.goto(`/p/${demoProject.id}/flows`);
  await expect(page.getByTestId('report-empty')).toContainText('A flow begins with an event');
  await page.getByTestId('event-picker-0').click();
  await page.getByPlaceholder('Search events').fill(event);
  await page.getByPlaceholder('Search events').press('Enter');
  const bar = nodes(page, '0 1').first();
  await expect(bar).toBeVisible();
  const name = (await bar.getAttribute('title')) ?? '';
  await bar.click();
  await page.getByRole('menuitem', { name: 'Hide this event' }).click();
  await expect(page.getByTestId('flow-hidden').first()).toContainText(name);
  await expect(nodes(page, '0 1').and(page.getByTitle(name, { exact: true }))).toHaveCount(0);
  await page.goBack();
  await expect(nodes(page, '0 1').first()).toHaveAttribute('title', name);
});

test('Flows: a path opens as a funnel of its events', async ({ page }) => {
  await page.goto(viewUrl(demoProject.id, 'flows', stateOf(demo)));
  await page.getByTestId('path-funnel').first().click();
  await expect(page).toHaveURL(/\/funnels/);
  await expect(page.getByTestId('funnel-step-1-count')).toBeVisible();
});

test('Flows: nobody in the range is said so', async ({ page }) => {
  const anchors = [{ event: 'No such event', filters: [], before: 0, after: 1 }];
  await page.goto(viewUrl(demoProject.id, 'flows', stateOf(demo, { anchors })));
  await expect(page.getByTestId('report-empty')).toContainText('Nobody did “No such event”');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`Flows: nothing bars the way, ${colorScheme}, ${width} px`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
      const page = await context.newPage();
      await page.goto(viewUrl(demoProject.id, 'flows', stateOf(demo)));
      await expect(page.getByTestId('report-table')).toBeVisible();
      expect(await accessibilityBreaches(page)).toEqual([]);
      const widths = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
      await context.close();
    });
  }
}
