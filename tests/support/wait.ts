const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks again until `check` passes, and returns what it passed on. Fails with the last answer, so that
 * a test that times out says what it saw.
 */
export async function until<T>(
  ask: () => Promise<T>,
  check: (answer: T) => boolean,
  { timeoutMs = 60_000, everyMs = 50 } = {},
): Promise<T> {
  const end = Date.now() + timeoutMs;
  let last: string;
  for (;;) {
    try {
      const answer = await ask();
      if (check(answer)) return answer;
      last = JSON.stringify(answer);
    } catch (error) {
      last = String(error);
    }
    if (Date.now() > end) throw new Error(`not so after ${timeoutMs} ms; last answer: ${last}`);
    await sleep(everyMs);
  }
}
