import { expect, test, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { queryAnswerSchema } from '@arbor/schema/result';
import { accessibilityBreaches } from './accessibility.ts';
import { signInAsOwner } from './account.ts';
import { apiUrl, viewUrl } from './stack.ts';

const didAtLeast = (event: string, times: number): object => ({
  type: 'event',
  did: true,
  event,
  times,
  days: null,
});
const pageState = (...conditions: object[]): object => ({
  edited: { join: 'all', groups: [{ match: 'all', conditions }] },
  range: { preset: '7d' },
  unit: 'day',
});
const numberIn = (text: string | null): number => Number((text ?? '').replaceAll(/\D/g, ''));
const sizeOn = async (page: Page): Promise<number> =>
  numberIn(await page.getByTestId('cohort-size').textContent());

async function askSize(event: string, times: number): Promise<number> {
  const response = await fetch(new URL(`/api/v1/query?project_id=${demoProject.id}`, apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'cohort',
      filters: [
        {
          type: 'behavior',
          selector: { anyOf: [{ event }] },
          count: { operator: 'at_least', value: times },
          span: { type: 'ever' },
        },
      ],
    }),
  });
  const { result } = queryAnswerSchema.parse(await response.json());
  if (result.type !== 'cohort') throw new Error(`the answer is of the type ${result.type}`);
  return result.users;
}

test('Cohorts: the size is that of the API, and there are as many members', async ({ page }) => {
  const event = 'Order completed';
  // Live visitors may change the number between two questions: then both are asked again.
  await expect(async () => {
    await page.goto(viewUrl(demoProject.id, 'cohorts/new', pageState(didAtLeast(event, 3))));
    await expect(page.getByTestId('cohort-size')).toBeVisible();
    await expect(page.getByTestId('user-list')).toBeVisible();
    const size = await sizeOn(page);
    expect(size).toBeGreaterThan(0);
    expect(size).toBe(await askSize(event, 3));
    expect(numberIn(await page.getByTestId('members-count').textContent())).toBe(size);
  }).toPass({ timeout: 150_000 });
});

test('Cohorts: conditions are put together by hand, and what is incomplete is left out', async ({
  page,
}) => {
  await page.goto(`/p/${demoProject.id}/cohorts/new`);
  await expect(page.getByTestId('report-empty')).toBeVisible();
  await page.getByTestId('group-0-add-event').click();
  await expect(page.getByText('1 condition is incomplete and is left out')).toBeVisible();
  await page.getByTestId('group-0-condition-0-event').click();
  await page.getByPlaceholder('Search events').fill('Order completed');
  await page.getByPlaceholder('Search events').press('Enter');
  await expect(page.getByTestId('cohort-size')).toBeVisible();
  await expect(page.getByTestId('cohort-sentence')).toHaveText(
    'Did Order completed in the last 30 days',
  );
  const all = await sizeOn(page);
  await page.getByTestId('group-0-condition-0-times').fill('3');
  await page.getByTestId('group-0-condition-0-times').press('Enter');
  await expect.poll(() => sizeOn(page)).toBeLessThan(all);
  await page.goBack();
  await expect.poll(() => sizeOn(page)).toBeGreaterThanOrEqual(all);
  // A guest may try conditions and not save them.
  await expect(page.getByTestId('cohort-save')).toHaveCount(0);
});

test('Cohorts: saved, used as a filter, changed, deleted and brought back', async ({ page }) => {
  const projectId = await signInAsOwner(page);
  const stamp = Date.now();
  const event = `Bought ${stamp}`;
  await page.goto(`/p/${projectId}/connect`);
  const snippet = (await page.getByTestId('connect-snippet').textContent()) ?? '';
  const token = /[0-9a-f]{32}/.exec(snippet)?.[0] ?? '';
  const people = ['one', 'two', 'two', 'three', 'three'].map((who) => `${who}-${stamp}`);
  const sent = await fetch(new URL('/track', apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(people.map((who) => ({ event, properties: { token, distinct_id: who } }))),
  });
  expect(sent.ok).toBe(true);

  await expect(async () => {
    await page.goto(viewUrl(projectId, 'cohorts/new', pageState(didAtLeast(event, 2))));
    await expect(page.getByTestId('cohort-size')).toBeVisible();
    expect(await sizeOn(page)).toBe(2);
  }).toPass({ timeout: 150_000 });
  await expect(page.getByTestId('members-count')).toHaveText('2 members');
  await expect(page.getByTestId('user-list').locator('tbody').getByRole('link')).toHaveCount(2);
  const name = `Buyers ${stamp}`;
  await page.getByTestId('cohort-save').click();
  await page.getByTestId('cohort-name').fill(name);
  await page.getByTestId('confirm').click();
  await expect(page).toHaveURL(/\/cohorts\/(?!new)/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  const address = page.url();

  await page.getByTestId('cohort-menu').click();
  await page.getByRole('menuitem', { name: 'Filter Insights by it' }).click();
  const total = page.getByTestId('report-table').locator('tbody tr').first().locator('td').nth(1);
  await expect(total).toHaveText('2');

  await page.goto(`/p/${projectId}/cohorts?search=${stamp}`);
  await expect(page.getByTestId('cohort-row-size')).toHaveText('2');
  await page.getByTestId('cohort-row').click();
  await page.getByTestId('group-0-condition-0-times').fill('1');
  await page.getByTestId('group-0-condition-0-times').press('Enter');
  await expect(page.getByTestId('cohort-edited')).toBeVisible();
  await expect(page.getByTestId('cohort-size')).toHaveText('3');
  await page.getByTestId('cohort-save').click();
  await expect(page.getByTestId('cohort-edited')).toHaveCount(0);
  await page.goto(address);
  await expect(page.getByTestId('cohort-size')).toHaveText('3');

  await page.getByTestId('cohort-menu').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/cohorts$/);
  const row = page.getByTestId('cohort-row').filter({ hasText: name });
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toHaveCount(1);
});

test('Cohorts: one that is not there is said so', async ({ page }) => {
  await page.goto(`/p/${demoProject.id}/cohorts/nothing`);
  await expect(page.getByTestId('cohort-unknown')).toContainText('There is no such cohort');
  await page.goto(`/p/${demoProject.id}/cohorts`);
  await expect(page.getByTestId('cohorts-empty')).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`Cohorts: nothing bars the way, ${colorScheme}, ${width} px`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
      const page = await context.newPage();
      await page.goto(`/p/${demoProject.id}/cohorts`);
      await expect(page.getByTestId('cohorts-empty')).toBeVisible();
      expect(await accessibilityBreaches(page)).toEqual([]);
      const state = pageState(didAtLeast('Order completed', 3));
      await page.goto(viewUrl(demoProject.id, 'cohorts/new', state));
      await expect(page.getByTestId('user-list')).toBeVisible();
      await expect(page.getByTestId('chart')).toBeVisible();
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
