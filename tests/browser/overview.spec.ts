import { expect, test } from '@playwright/test';
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

const event = 'Page viewed';
const count = (value: number): string => value.toLocaleString('en-GB');
const stateOf = ({ from, to }: DemoTruth): object => ({
  range: { from, to },
  event: null,
  filters: [],
  figure: 'users',
  pages: 'all',
  sources: '$referring_domain',
  places: 'mp_country_code',
  devices: '$browser',
});

test('the figures are the known numbers, a row filters them, Insights has the same', async ({
  page,
}) => {
  const { truth, from, to } = demo;
  await page.goto(viewUrl(demoProject.id, 'web', stateOf(demo)));
  const users = page.getByTestId('figure-users-value');
  await expect(users).toHaveText(count(truth.uniques({ event, from, to })));
  await expect(page.getByTestId('figure-views-value')).toHaveText(
    count(truth.total({ event, from, to })),
  );
  await expect(page.getByTestId('figure-bounce-value')).toContainText('%');

  const row = page.getByTestId('web-devices').getByTestId('ranked-row').first();
  const browserUsers = (await row.getByTestId('ranked-count').textContent()) ?? '';
  await row.click();
  await expect(page.getByTestId('filter-chip')).toHaveCount(1);
  await expect(users).toHaveText(browserUsers);
  await expect(page.getByTestId('figure-bounce-value')).toContainText('%');
  await page.getByTestId('open-insights').click();
  await expect(page.getByTestId('report-table').locator('[data-drill]').first()).toHaveText(
    browserUsers,
  );
  await page.goBack();
  await page.getByTestId('filter-chip').click();
  await expect(users).toHaveText(count(truth.uniques({ event, from, to })));
});

test('a filter that sessions do not keep leaves out what cannot be known, and says so', async ({
  page,
}) => {
  await page.goto(viewUrl(demoProject.id, 'web', stateOf(demo)));
  await page.getByTestId('web-sources').getByTestId('ranked-row').nth(1).click();
  await expect(page.getByTestId('figure-bounce')).toContainText('Not known');
  await page.getByTestId('web-pages-tab-entry').click();
  await expect(page.getByTestId('web-pages')).toContainText('Not known');
});

for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
] as const) {
  test(`Web overview: nothing bars the way, ${colorScheme}, ${width} px`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
    const page = await context.newPage();
    if (width < 768) {
      await page.goto(`/p/${demoProject.id}/boards`);
      await page.getByTestId('tab-more').click();
      await page.getByTestId('more-web').click();
    } else await page.goto(viewUrl(demoProject.id, 'web', stateOf(demo)));
    await expect(page.getByTestId('web-devices').getByTestId('ranked-row').first()).toBeVisible();
    await expect(page.getByTestId('figure-users-value')).toBeVisible();
    await expect(page.getByTestId('more')).toHaveCount(0);
    expect(await accessibilityBreaches(page)).toEqual([]);
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
    await context.close();
  });
}
