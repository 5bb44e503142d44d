import { fetchFailure } from './fetch-failure.ts';
import { sleep } from './wait.ts';

/**
 * Asks until the stack can do its work: the API answers `/readyz` with 200 (which covers ingestion,
 * queries and both databases), and the dashboard serves a page. Answers false when `isOver` says that
 * waiting is pointless; says from time to time what it is waiting for.
 */
export async function waitUntilReady(options: {
  apiUrl: string;
  webUrl: string | null;
  isOver: () => boolean;
  onWaiting: (text: string) => void;
  everyMs?: number;
  sayEveryMs?: number;
}): Promise<boolean> {
  const { everyMs = 100, sayEveryMs = 15_000 } = options;
  let nextWord = Date.now() + sayEveryMs;
  while (!options.isOver()) {
    const missing = [await askApi(options.apiUrl)];
    if (options.webUrl !== null) missing.push(await askWeb(options.webUrl));
    const reasons = missing.filter((reason) => reason !== null);
    if (reasons.length === 0) return true;
    if (Date.now() > nextWord) {
      nextWord = Date.now() + sayEveryMs;
      options.onWaiting(`still waiting for ${reasons.join('; ')}`);
    }
    await sleep(everyMs);
  }
  return false;
}

/** Null when ready, else what is missing. */
async function askApi(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    return response.ok ? null : `the api: ${text.trim().slice(0, 300)}`;
  } catch (error) {
    return `the api: ${fetchFailure(error)}`;
  }
}

/** The development server compiles a page when it is first asked for, so the limit is generous. */
async function askWeb(url: string): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(60_000);
    const response = await fetch(url, { signal, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status < 500 ? null : `the dashboard: status ${response.status}`;
  } catch (error) {
    return `the dashboard: ${fetchFailure(error)}`;
  }
}
