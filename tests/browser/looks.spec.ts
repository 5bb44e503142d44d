import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { accessibilityBreaches } from './accessibility.ts';
import { viewUrl } from './stack.ts';

test.describe.configure({ timeout: 300_000 });

const report = viewUrl(demoProject.id, 'insights', {
  range: { preset: '30d' },
  unit: 'day',
  metrics: [{ event: 'Order completed', filters: [], measure: { type: 'total' } }],
  filters: [],
  breakdown: null,
  chart: 'line',
});

test('high contrast is chosen, kept, and bars nobody (UX-X7)', async ({ page }) => {
  await page.goto(report);
  const chart = page.getByTestId('chart').locator('svg').first();
  await expect(chart).toBeVisible();
  await page.getByTestId('account-menu').click();
  await page.getByRole('menuitem', { name: 'High contrast' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'contrast');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'contrast');
  await expect(chart).toBeVisible();
  for (const [colorScheme, ground] of [
    ['light', 'rgb(255, 255, 255)'],
    ['dark', 'rgb(0, 0, 0)'],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('body')).toHaveCSS('background-color', ground);
    await expect.poll(() => accessibilityBreaches(page)).toEqual([]);
  }
});

test('a report prints on white, whole, without navigation and builder (UX-X9)', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(report);
  const chart = page.getByTestId('chart').locator('svg').first();
  await expect(chart).toBeVisible();
  await expect(page.getByTestId('nav-insights')).toBeVisible();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByTestId('nav-insights')).toBeHidden();
  await expect(page.getByTestId('builder')).toBeHidden();
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  await expect(chart).toBeVisible();
  await expect(page.getByTestId('report-table')).toBeVisible();
});

test('digits open the tabs of a view (`ux.md` 24)', async ({ page }) => {
  await page.goto(`/p/${demoProject.id}/data/lexicon`);
  await expect(page.getByTestId('data-lexicon')).toHaveAttribute('aria-current', 'page');
  await page.keyboard.press('2');
  await expect(page).toHaveURL(/\/data\/health$/);
  await expect(page.getByTestId('data-health')).toHaveAttribute('aria-current', 'page');
  await page.keyboard.press('3');
  await expect(page).toHaveURL(/\/data\/rejected$/);
});
