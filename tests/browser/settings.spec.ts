import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { accessibilityBreaches } from './accessibility.ts';
import { signInAsOwner } from './account.ts';

// Each looks at many lists and pages, on two cores that also run the stack.
test.describe.configure({ timeout: 300_000 });

test('a project is renamed and cut in another zone, with a word before, and it is written down', async ({
  page,
}) => {
  const project = await signInAsOwner(page);
  await page.goto(`/p/${project}/settings`);
  const name = page.getByTestId('project-name');
  const before = await name.inputValue();
  await name.fill('Renamed site');
  await page.getByTestId('project-form-save').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings of Renamed site');
  await expect(page.getByTestId('project-switcher')).toContainText('Renamed site');

  await page.getByTestId('timezone').click();
  await page.getByPlaceholder('Search cities').fill('Reykjavik');
  await page.getByPlaceholder('Search cities').press('Enter');
  await page.getByTestId('project-form-save').click();
  await expect(page.getByRole('dialog')).toContainText('Every report and every board');
  await page.getByTestId('confirm').click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.goto(`/p/${project}/settings/activity`);
  await expect(page.getByTestId('audit-log').locator('tbody tr').first()).toContainText(
    'Reykjavik',
  );

  // Others that come after this test find the project by its name.
  await page.goto(`/p/${project}/settings`);
  await name.fill(before);
  await page.getByTestId('project-form-save').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Settings of ${before}`);
});

test('how sessions are cut and how long events are kept is set, and stays', async ({ page }) => {
  const project = await signInAsOwner(page);
  await page.goto(`/p/${project}/settings`);
  const minutes = page.getByTestId('session-minutes');
  // Another run of this test may have left one of the two.
  const gap = (await minutes.inputValue()) === '45' ? '40' : '45';
  await minutes.fill('0');
  await expect(page.getByTestId('sessions-save')).toBeDisabled();
  await minutes.fill(gap);
  await page.getByTestId('sessions-save').click();
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('sessions-save')).toBeDisabled();
  const days = page.getByTestId('retention-days');
  await days.fill('400');
  await page.getByTestId('retention-save').click();
  await expect(page.getByRole('dialog')).toContainText('deleted for good');
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('retention-save')).toBeDisabled();
  await page.reload();
  await expect(minutes).toHaveValue(gap);
  await expect(days).toHaveValue('400');
  await days.fill('');
  await page.getByTestId('retention-save').click();
  await expect(page.getByTestId('retention-save')).toBeDisabled();
});

test('an account sees where it is signed in, and ends another sign-in', async ({
  page,
  browser,
}) => {
  const project = await signInAsOwner(page);
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await signInAsOwner(other);
  await page.goto(`/p/${project}/settings/account`);
  const lines = page.getByTestId('sign-in-line');
  await expect(lines.first()).toContainText('this browser');
  const all = await lines.count();
  expect(all).toBeGreaterThan(1);
  await lines.getByRole('button', { name: 'Sign out there' }).first().click();
  await expect(lines).toHaveCount(all - 1);
  await elsewhere.close();
});

test('a visitor reads the settings of the demo and can change nothing', async ({ browser }) => {
  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 390],
  ] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
    const page = await context.newPage();
    await page.goto(`/p/${demoProject.id}/settings`);
    await expect(page.getByTestId('project-facts')).toContainText(demoProject.timezone);
    await expect(page.getByTestId('settings').getByRole('button')).toHaveCount(0);
    await expect(page.getByTestId('settings-activity')).toHaveCount(0);
    expect(await accessibilityBreaches(page)).toEqual([]);
    await context.close();
  }
});

test('nothing bars the way of an owner', async ({ page }) => {
  const project = await signInAsOwner(page);
  for (const [path, ready] of [
    ['', 'retention-days'],
    ['/activity', 'audit-log'],
    ['/account', 'sign-in-line'],
  ] as const) {
    await page.goto(`/p/${project}/settings${path}`);
    await expect(page.getByTestId(ready).first()).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityBreaches(page), `${colorScheme} ${path}`).toEqual([]);
    }
  }
});
