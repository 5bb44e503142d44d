import { expect, test, type Page } from '@playwright/test';
import { accessibilityBreaches } from './accessibility.ts';
import { signInAsOwner } from './account.ts';
import { apiUrl } from './stack.ts';

// Each makes accounts, whose passwords are hashed slowly on purpose, on two cores that also run the stack.
test.describe.configure({ timeout: 300_000 });

/** A name that no other run of the test has left behind. */
const fresh = (name: string): string => `${name}-${Date.now()}`;

async function shownOnce(page: Page): Promise<string> {
  const text = await page.getByTestId('shown-once').textContent();
  await page.getByTestId('shown-once-done').click();
  await expect(page.getByTestId('shown-once')).toHaveCount(0);
  return text ?? '';
}

test('somebody is invited by a link, joins with it once, is given another role, and is taken out', async ({
  page,
  browser,
}) => {
  const project = await signInAsOwner(page);
  const email = `${fresh('ben')}@example.com`;
  await page.goto(`/p/${project}/settings/members`);
  await expect(page.getByTestId('role-table')).toContainText('changes nothing');
  await page.getByTestId('invite').click();
  await page.getByTestId('invite-email').fill(email);
  await page.getByTestId('invite-confirm').click();
  const link = await shownOnce(page);
  expect(link).toMatch(/\/join#token=[0-9a-f]{64}$/);
  await expect(page.getByTestId('invitation-line').filter({ hasText: email })).toContainText(
    'as analyst',
  );
  expect(await accessibilityBreaches(page)).toEqual([]);

  const elsewhere = await browser.newContext();
  const invited = await elsewhere.newPage();
  await invited.goto(link);
  await expect(invited.getByRole('heading', { level: 1 })).toHaveText('Join Acme');
  expect(await accessibilityBreaches(invited)).toEqual([]);
  await expect(invited.getByLabel('E-mail')).toHaveValue(email);
  await invited.getByLabel('Your name').fill('Ben Invited');
  await invited.getByLabel('Password').fill('correct horse battery staple');
  await invited.getByTestId('join').click();
  await expect(invited).toHaveURL(/\/p\/\d+\//);
  // An analyst manages nothing, and finds no page that would only say so.
  await invited.goto(`/p/${project}/settings`);
  await expect(invited.getByTestId('settings-account')).toBeVisible();
  await expect(invited.getByTestId('settings-members')).toHaveCount(0);
  await expect(invited.getByTestId('project-secret-new')).toHaveCount(0);

  await invited.goto(link);
  await expect(invited.getByRole('alert').first()).toContainText('this link is not valid');

  await page.reload();
  const line = page.getByTestId('member-line').filter({ hasText: email });
  await line.getByTestId('member-role').click();
  await page.getByRole('option', { name: 'consumer' }).click();
  await expect(line.getByTestId('member-role')).toHaveText('consumer');
  await page.reload();
  await expect(line.getByTestId('member-role')).toHaveText('consumer');
  await line.getByRole('button', { name: 'Remove' }).click();
  await page.getByTestId('confirm').click();
  await expect(line).toHaveCount(0);
  await invited.goto(`/p/${project}/settings`);
  await expect(invited.getByTestId('no-access')).toBeVisible();
  await elsewhere.close();

  // Who has an account signs in on the way.
  await page.getByTestId('invite').click();
  await page.getByTestId('invite-email').fill(email);
  await page.getByTestId('invite-confirm').click();
  const again = await shownOnce(page);
  const later = await browser.newContext();
  const back = await later.newPage();
  await back.goto(again);
  await back.getByTestId('join-sign-in').click();
  await expect(back).toHaveURL(/\/signin#join=/);
  await back.getByLabel('E-mail').fill(email);
  await back.getByLabel('Password').fill('correct horse battery staple');
  await back.getByTestId('sign-in').click();
  await expect(back.getByTestId('join')).toHaveText(`Join as ${email}`);
  await back.getByTestId('join').click();
  await expect(back).toHaveURL(/\/p\/\d+\//);
  await back.goto(`/p/${project}/insights`);
  await expect(back.getByTestId('report-title')).toBeVisible();
  await later.close();
});

test('an invitation is withdrawn, and its link is good for nothing', async ({ page, browser }) => {
  const project = await signInAsOwner(page);
  const email = `${fresh('eve')}@example.com`;
  await page.goto(`/p/${project}/settings/members`);
  await page.getByTestId('invite').click();
  await page.getByTestId('invite-email').fill(email);
  await page.getByTestId('invite-confirm').click();
  const link = await shownOnce(page);
  const line = page.getByTestId('invitation-line').filter({ hasText: email });
  await line.getByRole('button', { name: 'Withdraw' }).click();
  await expect(line).toHaveCount(0);
  const elsewhere = await browser.newContext();
  const invited = await elsewhere.newPage();
  await invited.goto(link);
  await expect(invited.getByRole('alert').first()).toContainText('this link is not valid');
  await elsewhere.close();
});

test('a service account is made, its secret works until it is given anew, and it is removed', async ({
  page,
  playwright,
}) => {
  const project = await signInAsOwner(page);
  const username = fresh('robot');
  await page.goto(`/p/${project}/settings/service-accounts`);
  await page.getByTestId('account-new').click();
  await page.getByTestId('account-name').fill(username);
  await page.getByTestId('account-confirm').click();
  const first = await shownOnce(page);
  const line = page.getByTestId('account-line').filter({ hasText: username });
  await expect(line).toContainText('never used');
  expect(await accessibilityBreaches(page)).toEqual([]);

  // Without the session of the page: by name and secret alone.
  const script = await playwright.request.newContext();
  const statusWith = async (secret: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
    const url = `${apiUrl}/api/v1/projects/${project}`;
    return (await script.get(url, { headers: { authorization } })).status();
  };
  expect(await statusWith(first)).toBe(200);
  await line.getByRole('button', { name: 'New secret' }).click();
  await page.getByTestId('confirm').click();
  const second = await shownOnce(page);
  expect(await statusWith(first)).toBe(401);
  expect(await statusWith(second)).toBe(200);
  await line.getByRole('button', { name: 'Remove' }).click();
  await page.getByTestId('confirm').click();
  await expect(line).toHaveCount(0);
  expect(await statusWith(second)).toBe(401);
  await script.dispose();
});

test('the secret of a project is given anew, and shown once', async ({ page, playwright }) => {
  const project = await signInAsOwner(page);
  await page.goto(`/p/${project}/settings`);
  const rotate = async (): Promise<string> => {
    await page.getByTestId('project-secret-new').click();
    await page.getByTestId('confirm').click();
    return shownOnce(page);
  };
  const script = await playwright.request.newContext();
  const statusWith = async (secret: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${secret}:`).toString('base64')}`;
    const url = `${apiUrl}/api/v1/projects/${project}`;
    return (await script.get(url, { headers: { authorization } })).status();
  };
  const first = await rotate();
  expect(await statusWith(first)).toBe(200);
  const second = await rotate();
  expect(await statusWith(first)).toBe(401);
  expect(await statusWith(second)).toBe(200);
  await script.dispose();
});
