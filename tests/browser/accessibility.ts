import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';

const source = fs.readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** WCAG 2.2 AA as far as a program can judge it: what is wrong, and where (`ux.md` UX-X1). */
export async function accessibilityBreaches(page: Page): Promise<string[]> {
  // Run as the debugger does: the content security policy forbids the page itself to load it.
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => {
    const { axe: run } = window as unknown as { axe: typeof axe };
    return run.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      // Experimental in axe; initials and keys that are drawn for the eye alone count as text for it.
      rules: { 'label-content-name-mismatch': { enabled: false } },
    });
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
