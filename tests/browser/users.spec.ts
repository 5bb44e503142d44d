import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { accessibilityBreaches } from './accessibility.ts';
import { signInAsOwner } from './account.ts';
import { viewUrl } from './stack.ts';

const usersUrl = `/p/${demoProject.id}/users`;
const rows = (page: Page) => page.getByTestId('user-row');
const countOf = async (page: Page): Promise<number> => {
  const text = (await page.getByTestId('users-count').textContent()) ?? '';
  return Number(text.replaceAll(/\D/g, ''));
};

test('Users: the count is exact, and scrolling gives all that it counts', async ({ page }) => {
  const conditions = [
    {
      type: 'property',
      filter: {
        property: { scope: 'person', name: '$city' },
        kind: 'text',
        operator: 'equals',
        values: ['Berlin'],
      },
    },
    // Visitors keep coming while the test reads: who signed up three days ago stays as many as he was.
    {
      type: 'property',
      filter: {
        property: { scope: 'person', name: '$created' },
        kind: 'text',
        operator: 'was_before',
        values: [new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10)],
      },
    },
  ];
  const sort = { column: { type: 'property', name: '$created' }, descending: true };
  const columns = [
    { type: 'property', name: '$created' },
    { type: 'property', name: '$city' },
  ];
  await page.goto(viewUrl(demoProject.id, 'users', { who: 'all', conditions, columns, sort }));
  await expect(rows(page).first()).toBeVisible();
  const total = await countOf(page);
  expect(total).toBeGreaterThan(50);
  const last = page.locator(`tr[aria-rowindex="${total + 1}"]`);
  await expect(async () => {
    await page.getByTestId('users-table').evaluate((table) => {
      table.scrollTop = table.scrollHeight;
    });
    await expect(last).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(page.locator(`tr[aria-rowindex="${total + 2}"]`)).toHaveCount(0);
});

test('Users: found by a part of the e-mail, opened by keyboard, events one by one', async ({
  page,
}) => {
  await page.goto(usersUrl);
  await expect(rows(page).first()).toBeVisible();
  const all = await countOf(page);
  await page.getByTestId('users-search').fill('@EXAMPLE.net');
  await expect.poll(() => countOf(page)).toBeLessThan(all);
  await page.getByTestId('users-search').press('ArrowDown');
  const name = await rows(page).first().textContent();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('user-name')).toHaveText(name?.slice(1) ?? '');
  const events = Number((await page.getByTestId('user-events').first().textContent()) ?? '0');
  expect(events).toBeGreaterThan(0);

  const row = page.getByTestId('activity-row').first();
  const event = await row.locator('span').nth(2).textContent();
  await row.click();
  await expect(page.getByRole('table', { name: 'Properties' })).toBeVisible();
  // A user of many events has the rarest of them below a button.
  const topEvents = page.getByRole('region', { name: 'Top events' });
  const showAll = topEvents.getByRole('button', { name: /^Show all/ });
  if (await showAll.isVisible()) await showAll.click();
  await topEvents.getByText(event ?? '', { exact: true }).click();
  await expect(page).toHaveURL(/event=/);
  await expect(page.getByTestId('activity-row').first()).toContainText(event ?? '');
  await page.goBack();
  await expect(page).not.toHaveURL(/event=/);
});

test('Users: people come from a file, are chosen from the rows, and join a cohort', async ({
  page,
}) => {
  const projectId = await signInAsOwner(page);
  await page.goto(`/p/${projectId}/users`);
  await page.getByTestId('people-import').click();
  const lines = [
    '$distinct_id,$name,tier',
    ...['Ada', 'Ben', 'Cleo'].map(personLine),
    'imported-4',
  ];
  const buffer = Buffer.from(lines.join('\n'));
  const file = { name: 'people.csv', mimeType: 'text/csv', buffer };
  await page.getByTestId('people-file').setInputFiles(file);
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('people-imported')).toContainText('3 profiles taken');
  await expect(page.getByTestId('people-imported')).toContainText('Line 5: it has 1 cells');
  await page.getByTestId('confirm').click();
  // They come the way of events, a moment later.
  const listed = async (): Promise<number> => {
    const answer = await page.request.post(`/api/v1/projects/${projectId}/users/list`, {
      data: { search: 'Imported' },
    });
    return ((await answer.json()) as { total: number }).total;
  };
  await expect.poll(listed).toBe(3);
  await page.goto(`/p/${projectId}/users?search=Imported`);
  await expect(rows(page)).toHaveCount(3);

  const table = page.getByTestId('users-table');
  await table.getByRole('checkbox', { name: 'Choose Ada Imported' }).click();
  await table.getByRole('checkbox', { name: 'Choose Cleo Imported' }).click();
  const bar = page.getByTestId('users-chosen');
  await expect(bar).toContainText('2 users chosen');
  const download = page.waitForEvent('download');
  await page.getByTestId('chosen-csv').click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]),
  ).toEqual(['imported-ada', 'imported-cleo']);

  const name = `Chosen ${Date.now()}`;
  await page.getByTestId('chosen-cohort').click();
  await page.getByTestId('join-name').fill(name);
  expect(await accessibilityBreaches(page)).toEqual([]);
  await page.getByTestId('confirm').click();
  await expect(bar).toBeHidden();
  const answer = await page.request.get(`/api/v1/projects/${projectId}/cohorts`);
  const { cohorts } = (await answer.json()) as {
    cohorts: { name: string; uploaded: { rows: number } | null }[];
  };
  expect(cohorts.find((cohort) => cohort.name === name)?.uploaded?.rows).toBe(2);

  // The page of a user says which cohorts he is in, and leads to them.
  const inCohorts = page.getByTestId('user-cohorts');
  await page.goto(`/p/${projectId}/users/imported-ben`);
  await expect(inCohorts).not.toContainText(name);
  await page.goto(`/p/${projectId}/users/imported-ada`);
  await inCohorts.getByRole('link', { name }).click();
  await expect(page).toHaveURL(/\/cohorts\/.+/);
  await page.goto(`/p/${projectId}/users?search=Imported`);
  await expect(rows(page)).toHaveCount(3);

  // Nobody is erased by a click: the word has to be typed.
  await table.getByRole('checkbox').first().click();
  await page.getByTestId('chosen-erase').click();
  await expect(page.getByTestId('confirm')).toBeDisabled();
  await page.getByRole('button', { name: 'Cancel' }).click();
  // Whoever is out of sight is not chosen any more.
  await page.getByTestId('users-search').fill('imported-b');
  await expect(bar).toBeHidden();
});

const personLine = (name: string): string =>
  `imported-${name.toLowerCase()},${name} Imported,${name.length}`;

test('Users: whoever is not there is said so, not an error', async ({ page }) => {
  await page.goto(`${usersUrl}/nobody-with-this-name`);
  await expect(page.getByTestId('user-unknown')).toContainText('nobody-with-this-name');
  await page.goto(`${usersUrl}?search=nobody-with-this-name`);
  await expect(page.getByTestId('users-empty')).toContainText('Nobody matches');
  await page.getByRole('button', { name: 'Show all users' }).click();
  await expect(rows(page).first()).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`Users: nothing bars the way, ${colorScheme}, ${width} px`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
      const page = await context.newPage();
      await page.goto(usersUrl);
      await expect(rows(page).first()).toBeVisible();
      expect(await accessibilityBreaches(page)).toEqual([]);
      await rows(page).first().click();
      await expect(page.getByTestId('activity-row').first()).toBeVisible();
      await page.getByTestId('activity-row').first().click();
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
