import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';

test('a click in the demo shop is a row in Live, sent by our own SDK', async ({
  page,
  context,
}) => {
  const live = await context.newPage();
  await live.goto(`/p/${demoProject.id}/live`);
  await expect(live.getByTestId('live-row').first()).toBeVisible();

  await page.goto('/shop');
  await page.locator('[data-testid^="shop-add-"]').first().click();
  await page.getByTestId('shop-account').click();
  const name = `Visitor ${Date.now()}`;
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill('visitor@example.com');
  await page.getByTestId('shop-sign-up-submit').click();
  await expect(page.getByTestId('shop-hello')).toBeVisible();

  // The page shows what it sent: the id it gave this visitor is found again in Live.
  await page.getByTestId('shop-sent').getByRole('button').first().click();
  const id = await page
    .getByTestId('shop-sent')
    .locator('strong', { hasText: /^shopper-/ })
    .innerText();
  const rows = live.getByTestId('live-row').filter({ hasText: id });
  // What the shop sets, and where the visitor first came from, are an update each.
  await expect(rows.filter({ hasText: 'User updated' }).first()).toBeVisible({ timeout: 60_000 });
  await expect(rows.filter({ hasText: 'Identity joined' })).toBeVisible();
});
