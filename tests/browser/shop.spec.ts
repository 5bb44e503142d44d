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

  const ours = live.getByTestId('live-row').filter({ hasText: 'visitor@example.com' });
  await expect(ours.first()).toBeVisible({ timeout: 10_000 });
});
