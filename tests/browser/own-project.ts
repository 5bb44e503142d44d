import { expect, type Page } from '@playwright/test';
import { signInAsOwner } from './account.ts';

/** A project of its own in the owner's organisation, so that what others send is not seen here. */
export async function newProject(page: Page, name: string): Promise<{ id: number; token: string }> {
  await signInAsOwner(page);
  await page.getByTestId('project-switcher').click();
  await page.keyboard.type('New project');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByTestId('project-create').click();
  const snippet = page.getByTestId('connect-snippet');
  await expect(page.locator('h1')).toHaveText(`Connect ${name}`);
  await expect(snippet).toContainText(/[0-9a-f]{32}/);
  const token = /[0-9a-f]{32}/.exec((await snippet.textContent()) ?? '')?.[0] ?? '';
  return { id: Number(/\/p\/(\d+)\//.exec(page.url())?.[1]), token };
}
