/** WCAG 2.2 AA in both themes, on a desk, a small screen and a phone (issue 7, `ux.md` UX-X1, UX-X5). */
import { expect, test, type Page } from '@playwright/test';
import { tour, type TourPage } from '../measure/dashboard/tour.ts';
import { accessibilityBreaches } from './accessibility.ts';
import { signInAsOwner } from './account.ts';

// Each page is judged six times, on two cores that also run the stack.
test.describe.configure({ timeout: 600_000 });

const widths = [1440, 1024, 390];

async function expectNoBreach(page: Page): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // A picture that is still to be drawn for the new width may be half-way between two colours.
      await expect
        .poll(() => accessibilityBreaches(page), {
          message: `${colorScheme}, ${width} px`,
          timeout: 150_000,
        })
        .toEqual([]);
    }
    // Tables scroll in their own frame: the page itself only up and down.
    await expect
      .poll(() =>
        page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        }),
      )
      .toBeLessThanOrEqual(0);
  }
}

async function show(page: Page, { path, ready }: Pick<TourPage, 'path' | 'ready'>): Promise<void> {
  await page.goto(path);
  await expect(page.locator(ready).first()).toBeVisible();
}

/** Those that no other test judges at all of these widths. */
const names = [
  'insights-number',
  'insights-compared',
  'funnels',
  'boards',
  'board',
  'cohort-editor',
  'lexicon',
  'health',
  'rejected',
  'api',
];
const ofVisitors = tour.filter(({ name }) => names.includes(name));

for (const one of ofVisitors) {
  test(`nothing bars the way: ${one.name}`, async ({ page }) => {
    await show(page, one);
    await expectNoBreach(page);
  });
}

/** Those that nobody sees without an account, below the project's address. */
const ofOwner = [
  ['connect', '[data-testid="connect-snippet"]'],
  ['settings/members', '[data-testid="role-table"]'],
  ['settings/service-accounts', '[data-testid="account-new"]'],
  ['data/import', '[data-testid="import-file"]'],
] as const;

for (const [path, ready] of ofOwner) {
  test(`nothing bars the way of an owner: ${path}`, async ({ page }) => {
    const project = await signInAsOwner(page);
    await show(page, { path: `/p/${project}/${path}`, ready });
    await expectNoBreach(page);
  });
}
