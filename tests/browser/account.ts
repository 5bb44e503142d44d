import fs from 'node:fs';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { dataDir } from './stack.ts';

/** The owner that `owner.spec.ts` makes, which runs before all that signs in. */
const owner = { email: 'anna@example.com', password: 'correct horse battery staple' };

/**
 * Signs in as the owner and returns the number of his project. On a stack where nobody has made an account yet, he is
 * made with the one-time link.
 */
export async function signInAsOwner(page: Page): Promise<number> {
  const link = path.join(dataDir, 'setup-link.txt');
  if (fs.existsSync(link)) {
    await page.goto(fs.readFileSync(link, 'utf8').trim());
    await page.getByLabel('Your name').fill('Anna Owner');
    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password').fill(owner.password);
    await page.getByLabel('Organisation').fill('Acme');
    await page.getByLabel('First project').fill('Site');
    await page.getByTestId('create-owner').click();
  } else {
    await page.goto('/signin');
    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password').fill(owner.password);
    await page.getByTestId('sign-in').click();
  }
  await expect(page).toHaveURL(/\/p\/\d+\//);
  return Number(/\/p\/(\d+)\//.exec(page.url())?.[1]);
}
