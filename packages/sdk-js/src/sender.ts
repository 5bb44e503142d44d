import type { Context } from './context.ts';
import type { Chunk, Queue } from './queue.ts';
import { textOf } from './queue.ts';
import { parse } from './store.ts';

/** Brings the queue's records to the server, one request at a time. */
export interface Sender {
  /** A record was added: send soon, or at once when a whole batch waits or it is `urgent`. */
  nudge(urgent?: boolean): void;
  /** Tries now; resolves when the queue is empty or the attempt is over. */
  flush(): Promise<void>;
}

/** What an answer of the server may hold, as far as plain success goes. */
interface Body {
  readonly status?: unknown;
  readonly failed?: { readonly length?: number };
  readonly now?: unknown;
}

/** A request that hangs longer counts as one that failed. */
const timeoutMs = 20_000;
/** Where the part that reckons how long to wait (`repair.ts`) cannot be had. */
const backoffMs = 30_000;
/** Waking up tries before the back-off is over, but not in a storm. */
const impatienceMs = 5000;
const hourMs = 3_600_000;
/** Shorter bodies are hardly worth the work. */
const gzipFrom = 2000;
/** Where pages share when the server may be tried again. */
const backoffName = 'b';

/** `onClock` hears of the server's clock less ours, ms. */
export function createSender(
  queue: Queue,
  context: Context,
  onClock: (offsetMs: number) => void,
): Sender {
  const { post, after, now, watch, disk, isAllowed, askRepair, within, report } = context;
  const { host, path, batchSize, batchMs } = context.settings;
  const url = `${host}`.replace(/\/+$/, '') + path;
  let cancelTimer: (() => void) | undefined;
  let running: Promise<void> | undefined;
  /** Sent and not answered: a page that is hidden and then left says good-bye twice. */
  const busy = new Set<Chunk>();
  let underWay: Chunk | undefined;
  let failures = 0;
  let lastTry = 0;

  /** How long the server wants to be left alone, ms. In a subtraction a text of digits is its number. */
  const restMs = (): number => {
    const ms = (disk.read(backoffName) as unknown as number) - now();
    // A time that is far away was written by a clock that was wrong.
    return ms > hourMs ? 0 : ms;
  };
  const schedule = (ms: number): void => {
    cancelTimer ??= after(ms, () => {
      cancelTimer = undefined;
      const wait = restMs();
      if (wait > 0) schedule(wait);
      else void flush();
    });
  };

  /** Sends one body; true = it is off the queue, wholly or in part, and the next may go. */
  const attempt = async (chunk: Chunk, isLeaving: boolean): Promise<boolean> => {
    const start = now();
    const text = textOf(chunk);
    const packer = !isLeaving && text.length > gzipFrom && (await askRepair());
    const answer = await within(
      timeoutMs,
      post(url, packer ? await packer.compress(text) : text, isLeaving),
    ).catch(() => undefined);
    const body = Object(parse(answer?.reply)) as Body;
    const offset = (body.now as number) - (start + now()) / 2 || 0;
    if (body.now) onClock(offset);

    // Only an answer that is the server's own takes records off the queue: a hotel's log-in page is not.
    let sentCount: number | undefined;
    let waitMs: number | undefined;
    if (answer?.status === 200 && body.status === 1 && !body.failed?.length) {
      queue.finish(chunk);
      sentCount = chunk.parts.length;
    } else {
      const repair = await askRepair();
      if (repair) {
        ({ sentCount, waitMs } = repair.settle(queue, chunk, context, {
          answer,
          failures: failures++,
          offset,
          url,
        }));
      } else if (answer && answer.status < 429 && 'status' in body) {
        // Refused, and what reads why is blocked: others need not wait for it.
        queue.finish(chunk, true);
        sentCount = 0;
      }
    }
    const isOff = sentCount !== undefined;
    if (isOff) {
      failures = 0;
      disk.erase(backoffName);
      if (sentCount) report('sent', { count: sentCount });
    } else {
      const wait = waitMs ?? backoffMs;
      disk.write(backoffName, now() + wait);
      schedule(wait);
    }
    return isOff;
  };
  const deliver = (chunk: Chunk, isLeaving: boolean): Promise<boolean> => {
    busy.add(chunk);
    return attempt(chunk, isLeaving)
      .catch(() => false)
      .finally(() => busy.delete(chunk));
  };

  const sendAll = async (): Promise<void> => {
    do {
      // Refused in another tab, which has deleted what was stored.
      if (!isAllowed()) queue.forget();
      queue.seal();
      underWay = queue.chunks.find((chunk) => !busy.has(chunk));
      lastTry = now();
    } while (underWay && (await deliver(underWay, false)));
    underWay = undefined;
  };
  const flush = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    return (running ??= sendAll().finally(() => (running = undefined)));
  };

  watch(
    (gone) => {
      queue.seal();
      if (restMs() <= 0 && isAllowed()) {
        for (const chunk of queue.chunks) {
          // A request that is under way ends with its page.
          if (!busy.has(chunk) || (gone && chunk === underWay)) void deliver(chunk, true);
        }
      }
      if (gone) queue.release();
    },
    () => {
      if (queue.chunks[0] && now() - lastTry > impatienceMs) void flush();
    },
  );

  return {
    nudge(urgent) {
      if ((urgent || queue.countRecords() >= batchSize) && restMs() <= 0) void flush();
      else schedule(batchMs);
    },
    flush,
  };
}
