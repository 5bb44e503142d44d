const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface ClientEvent {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Sends one `/track` batch until it is answered 200 with `1`; whatever else happens, it is sent again. */
export async function sendUntilAccepted(
  apiUrl: string,
  events: readonly ClientEvent[],
): Promise<{ tries: number }> {
  const body = JSON.stringify(events);
  for (let tries = 1; ; tries++) {
    try {
      const response = await fetch(new URL('/track', apiUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      if (response.status === 200 && text === '1') return { tries };
      if (response.status < 429) throw new RangeError(`refused: ${response.status} ${text}`);
    } catch (error) {
      if (error instanceof RangeError) throw error;
    }
    await sleep(Math.min(2000, 100 * tries));
  }
}

/** Runs `work` over all items with a fixed number in flight, and says after each how many are done. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
  onDone: (done: number) => void = () => {},
): Promise<void> {
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next++] as T;
      await work(item);
      onDone(++done);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}
