/** What becomes of a report: another kind of it, a draft, or a question before it is lost (`ux.md` 3). */
import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { accessibilityBreaches } from './accessibility.ts';
import { viewUrl } from './stack.ts';

const order = 'Order completed';
const funnel = (own: object = {}): object => ({
  range: { preset: '7d' },
  steps: ['Product viewed', order].map((event) => ({ event, filters: [] })),
  window: { value: 7, unit: 'day' },
  filters: [],
  breakdowns: [{ property: { scope: 'event', name: 'payment_method' } }],
  ...own,
});

test('a report becomes one of another kind, which says what it left out', async ({ page }) => {
  await page.goto(viewUrl(demoProject.id, 'funnels', funnel()));
  await page.getByTestId('report-convert').click();
  await page.getByRole('menuitem', { name: 'Retention' }).click();
  // Said for some seconds, also to who listens.
  const said = page.getByText('Taken over to Retention without the window');
  await expect(said.first()).toBeVisible();
  await expect(page).toHaveURL(/\/retention\?q=/);
  await expect(page.getByTestId('report-title')).toContainText(
    `Product viewed, then ${order}, by day and payment_method`,
  );
  await page.getByTestId('report-convert').click();
  await page.getByRole('menuitem', { name: 'Insights' }).click();
  await expect(page).toHaveURL(/\/insights\?q=/);
  await expect(page.getByTestId('event-picker-0')).toContainText('Product viewed');
  await expect(page.getByTestId('event-picker-1')).toContainText(order);
  await expect(page.getByTestId('range-picker')).toHaveText('Last 7 days');
  await page.getByTestId('report-convert').press('Enter');
  await page.getByRole('menuitem', { name: 'Flows' }).press('Enter');
  await expect(page).toHaveURL(/\/flows\?q=/);
  await expect(page.getByTestId('report-title')).toContainText('Flow of Product viewed');
  await page.goBack();
  await expect(page.getByTestId('event-picker-1')).toContainText(order);
});

test('what was changed and not saved is a draft: opened again, gone on with, thrown away', async ({
  page,
}) => {
  await page.goto(viewUrl(demoProject.id, 'funnels', funnel()));
  await expect(page.getByTestId('report-title')).toContainText('Product viewed');
  await page.getByTestId('drafts').click();
  // Somebody who only follows a link leaves nothing behind.
  await expect(page.getByText('No drafts.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByTestId('funnel-view-trend').click();
  await page.getByTestId('funnel-counting').click();
  await page.getByRole('option', { name: 'every attempt' }).click();
  await page.getByRole('link', { name: 'Insights', exact: true }).first().click();
  await expect(page).toHaveURL(/\/insights$/);

  await page.getByTestId('drafts').click();
  const drafts = page.getByTestId('draft-list').getByRole('listitem');
  await expect(drafts).toHaveCount(1);
  expect(await accessibilityBreaches(page)).toEqual([]);
  await drafts.getByRole('link').click();
  await expect(page).toHaveURL(/\/funnels\?q=/);
  await expect(page.getByTestId('funnel-counting')).toHaveText('every attempt');
  await page.getByTestId('funnel-counting').click();
  await page.getByRole('option', { name: 'sessions' }).click();
  await page.reload();
  await page.getByTestId('drafts').click();
  await expect(drafts).toHaveCount(1);
  await drafts.getByRole('button', { name: /^Throw the draft away/ }).click();
  await expect(page.getByText('No drafts.')).toBeVisible();
});
