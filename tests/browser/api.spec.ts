import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { accessibilityBreaches } from './accessibility.ts';
import { watchPage } from './stack.ts';

/** The page of the API: every request, each to be tried. */

const address = `/p/${demoProject.id}/api`;

test('a query is tried from its example, as a whole and as a stream', async ({ page, baseURL }) => {
  const trouble = watchPage(page, [new URL(baseURL ?? '').host]);
  await page.goto(address);
  await page.getByLabel('Search requests').fill('answer a query');
  await page.getByTestId('api-request-query.run').click();
  await expect(page).toHaveURL(/request=query\.run/);
  await expect(page.getByTestId('api-snippet')).toContainText('-u YOUR_SECRET:');

  const answer = page.getByTestId('api-answer');
  await page.getByTestId('api-send').click();
  await expect(answer).toHaveAttribute('data-state', 'done');
  await expect(answer).toContainText('"type": "insights"');
  await expect(answer).toContainText('ratelimit-remaining');

  await page.getByTestId('api-accept').click();
  await page.getByRole('option', { name: 'Stream of events' }).click();
  await page.getByTestId('api-send').click();
  await expect(answer).toContainText('event: result');
  await expect(answer).toHaveAttribute('data-state', 'done');
  expect(trouble).toEqual([]);
});

test('a request that is refused shows the code and what to do', async ({ page }) => {
  await page.goto(`${address}?request=cohorts.create`);
  await page.getByTestId('api-send').click();
  await expect(page.getByTestId('api-answer')).toContainText('"code": "UNAUTHENTICATED"');
});

for (const theme of ['light', 'dark'] as const) {
  test(`can be read by everybody, in the ${theme} theme and on a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    for (const size of [
      { width: 1280, height: 800 },
      { width: 390, height: 780 },
    ]) {
      await page.setViewportSize(size);
      for (const path of [address, `${address}?request=query.run`]) {
        await page.goto(path);
        await expect(page.getByTestId('api-docs')).toBeVisible();
        expect(await accessibilityBreaches(page)).toEqual([]);
        const tooWide = await page.evaluate(
          () => document.documentElement.scrollWidth > window.innerWidth,
        );
        expect(tooWide, `${path} at ${size.width}`).toBe(false);
      }
    }
  });
}
