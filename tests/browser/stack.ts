import type { Page } from '@playwright/test';

/** The stack under test: the test command starts one and names it; otherwise one's own `start`. */
export const apiUrl = process.env.ARBOR_API_URL ?? 'http://localhost:4000';
export const dataDir = process.env.ARBOR_DATA_DIR ?? '.arbor';

/** The address of a view in a state: what a shared link would be (`ux.md` UX-P2). */
export function viewUrl(project: number, view: string, state: object): string {
  return `/p/${project}/${view}?q=${encodeURIComponent(JSON.stringify(state))}`;
}

/** Collects what a healthy page never shows: errors thrown, errors logged, requests to other hosts. */
export function watchPage(page: Page, allowed: readonly string[]): string[] {
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`logged: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !allowed.includes(host)) {
      trouble.push(`asked another host: ${request.url()}`);
    }
  });
  return trouble;
}
