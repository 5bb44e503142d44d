import type { Queue, WireRecord } from './queue.ts';
import type { Answer, Surroundings } from './surroundings.ts';

/** Brings the queue's records to the server, one request at a time. */
export interface Sender {
  /** A record was added: send soon, or at once when a whole batch waits. */
  nudge(): void;
  /** Tries now; resolves when the queue is empty or the attempt is over. */
  flush(): Promise<void>;
}

const batchMax = 50;
const batchMs = 2000;
/** Browsers give requests that outlive a page 64 KiB in all. */
const farewellBytes = 60_000;
const backoffMs = 2000;
const backoffMax = 300_000;
const waitMax = 3_600_000;
/** Waking up tries before the back-off is over, but not in a storm. */
const impatienceMs = 5000;

type Verdict = { done: true } | { done: false; halve: boolean; waitMs?: number };

export function createSender(queue: Queue, surroundings: Surroundings, url: string): Sender {
  const { post, after, random, now } = surroundings;
  let cancelTimer: (() => void) | undefined;
  let running: Promise<void> | undefined;
  const farewells = new Set<Promise<void>>();
  /** On their way in a farewell: a page that is hidden and then left says good-bye twice. */
  const leaving = new Set<WireRecord>();
  let size = batchMax;
  let failures = 0;
  let lastTry = -Infinity;
  let notBefore = 0;

  const schedule = (ms: number): void => {
    cancelTimer ??= after(ms, () => {
      cancelTimer = undefined;
      if (now() < notBefore) schedule(notBefore - now());
      else void flush();
    });
  };

  const sendAll = async (): Promise<void> => {
    await Promise.all(farewells);
    while (queue.length > 0) {
      const batch = queue.peek(size);
      lastTry = now();
      const verdict = await sendOne(post, url, batch);
      if (verdict.done) {
        queue.remove(batch);
        failures = 0;
        size = batchMax;
      } else if (verdict.halve) {
        // Down to the one record that is refused alone: that one is given up, none of its neighbours.
        if (batch.length === 1) queue.remove(batch);
        size = Math.max(1, batch.length >> 1);
      } else {
        const backoff = Math.min(backoffMax, backoffMs * 2 ** failures++);
        const wait = verdict.waitMs ?? backoff * (0.5 + random() / 2);
        notBefore = now() + wait;
        schedule(wait);
        return;
      }
    }
  };

  const flush = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    // What is in storage before it is sent survives whatever happens to the page meanwhile.
    queue.save();
    running ??= sendAll().finally(() => (running = undefined));
    return running;
  };

  const sayFarewell = (records: readonly WireRecord[]): void => {
    for (const record of records) leaving.add(record);
    // The answer, if the page lives to see it, takes the records off the queue; if not, the next
    // page sends them again and the server drops what it has.
    const farewell = sendOne(post, url, records, true).then((verdict) => {
      if (verdict.done) queue.remove(records);
      for (const record of records) leaving.delete(record);
      farewells.delete(farewell);
    });
    farewells.add(farewell);
  };

  surroundings.onHidden(() => {
    queue.save();
    if (now() < notBefore) return;
    const staying = queue.peek(queue.length).filter((record) => !leaving.has(record));
    for (const records of packs(staying)) sayFarewell(records);
  });
  surroundings.onAwake(() => {
    if (queue.length > 0 && now() - lastTry > impatienceMs) void flush();
  });

  return {
    nudge() {
      if (queue.length >= batchMax && now() >= notBefore) void flush();
      else schedule(batchMs);
    },
    flush,
  };
}

async function sendOne(
  post: Surroundings['post'],
  url: string,
  batch: readonly WireRecord[],
  keepalive = false,
): Promise<Verdict> {
  try {
    return judge(await post(url, JSON.stringify(batch), keepalive));
  } catch {
    return { done: false, halve: false };
  }
}

/** Only an answer that is the server's own takes records off the queue: a hotel's log-in page is not. */
function judge({ status, text, retryAfter }: Answer): Verdict {
  let body: { status?: unknown; failed?: unknown; retry_after_ms?: unknown } = {};
  try {
    body = Object(JSON.parse(text)) as typeof body;
  } catch {
    // Not JSON: nothing can be read from it.
  }
  if (status === 200 && (body.status === 1 || Array.isArray(body.failed))) return { done: true };
  if (status === 400 || status === 413 || (status === 200 && body.status === 0)) {
    return { done: false, halve: true };
  }
  const waitMs = Number(body.retry_after_ms) || Number(retryAfter) * 1000;
  return {
    done: false,
    halve: false,
    ...(waitMs > 0 ? { waitMs: Math.min(waitMs, waitMax) } : {}),
  };
}

/** Bodies small enough for a page that goes away, in order. */
function packs(records: readonly WireRecord[]): WireRecord[][] {
  const result: WireRecord[][] = [];
  let bytes = farewellBytes;
  for (const record of records) {
    // Characters of three bytes at most.
    const more = JSON.stringify(record).length * 3;
    const full = bytes + more > farewellBytes || result[result.length - 1]?.length === batchMax;
    if (full) {
      result.push([]);
      bytes = 0;
    }
    result[result.length - 1]?.push(record);
    bytes += more;
  }
  return result;
}
