import type { Context } from './context.ts';
import { guardAsync } from './guard.ts';
import type { Chunk, Queue } from './queue.ts';
import { textOf } from './queue.ts';
import { parse } from './store.ts';

/** Brings the queue's records to the server, one request at a time. */
export interface Sender {
  /** A record was added: send soon, or at once when a whole batch waits or it is `urgent`. */
  nudge(urgent?: boolean): void;
  /** Tries now; resolves to how many went, when the queue is empty or the attempt is over. */
  flush(): Promise<number>;
}

/** What an answer of the server may hold, as far as plain success goes. */
interface Reply {
  readonly status?: unknown;
  readonly failed?: { readonly length?: number };
  readonly now?: unknown;
}

/** A time to wait with a fraction is a back-off of ours, a whole one is what the server asked for. */
export const backoffMark = 0.5;
/** Where the part that reckons how long to wait (`repair.ts`) cannot be had. */
const backoffMs = 30_000 - backoffMark;
/** Waking up and leaving try before a back-off is over, but not in a storm. */
const impatienceMs = 5000;
const hourMs = 3_600_000;
/** Shorter bodies are hardly worth the work. */
const gzipFrom = 2000;
/** Where pages share when the server may be tried again. */
const backoffName = 'b';

/** `onAwake`: before it is sent, whenever the page is back; `onClock` hears of the server's clock less ours, ms. */
export function createSender(
  queue: Queue,
  context: Context,
  onAwake: () => void,
  onClock: (offsetMs: number) => void,
): Sender {
  const { now, disk, isAllowed, askRepair, report, settings } = context;
  const url = `${settings.host}`.replace(/\/+$/, '') + settings.path;
  let cancelTimer: (() => void) | undefined;
  let running: Promise<number> | undefined;
  let underWay: Chunk | undefined;
  let failures = 0;
  let lastTry = 0;

  /** How long the server wants to be left alone, ms. In a subtraction a text of digits is its number. */
  const restMs = (): number => {
    const ms = (disk.read(backoffName) as unknown as number) - now();
    // A time that is far away was written by a clock that was wrong.
    return ms > hourMs ? 0 : ms;
  };
  const mayTry = (): unknown => {
    const rest = restMs();
    return rest <= 0 || (rest % 1 && now() - lastTry > impatienceMs);
  };
  const schedule = (ms: number): void => {
    cancelTimer ??= context.after(ms, () => {
      cancelTimer = undefined;
      const wait = restMs();
      if (wait > 0) schedule(wait);
      else void flush();
    });
  };

  /** Sends one body; what became of it: `Repair.settle`. Never rejects. */
  const deliver = async (chunk: Chunk, isLeaving: boolean): Promise<number> => {
    chunk.isBusy = true;
    let count = -backoffMs;
    await guardAsync(async () => {
      const text = textOf(chunk);
      const packer = !isLeaving && text.length > gzipFrom && (await askRepair());
      const body = packer ? await packer.compress(text) : text;
      // Not before: how long the part takes to come says nothing about clocks.
      const start = (lastTry = now());
      const answer = await context.post(url, body, isLeaving).catch(() => undefined);
      const reply = Object(parse(answer?.reply)) as Reply;
      const offset = (reply.now as number) - (start + now()) / 2 || 0;
      if (reply.now) onClock(offset);

      // Only an answer that is the server's own takes records off the queue: a hotel's log-in page is not.
      if (answer?.status === 200 && reply.status === 1 && !reply.failed?.length) {
        queue.finish(chunk);
        count = chunk.parts.length;
      } else {
        const repair = await askRepair();
        if (repair) {
          // Bodies that leave together fail together.
          const before = isLeaving ? failures : failures++;
          count = repair.settle(queue, chunk, context, { answer, failures: before, offset, url });
        } else if (answer && answer.status < 429 && 'status' in reply) {
          // Refused, and what reads why is blocked: others need not wait for it.
          queue.finish(chunk, true);
          count = 0;
        }
      }
    }, report)();
    if (count < 0) {
      disk.write(backoffName, now() - count);
      schedule(-count);
    } else {
      failures = 0;
      disk.erase(backoffName);
      if (count) report('sent', { count });
    }
    chunk.isBusy = false;
    return count;
  };

  const sendAll = async (): Promise<number> => {
    let sent = 0;
    let count: number;
    do {
      // Refused in another tab, which has deleted what was stored.
      if (!isAllowed()) queue.forget();
      queue.seal();
      underWay = queue.chunks.find(({ isBusy }) => !isBusy);
      count = underWay ? await deliver(underWay, false) : -1;
      if (count > 0) sent += count;
    } while (count >= 0);
    underWay = undefined;
    return sent;
  };
  const flush = (): Promise<number> => {
    cancelTimer?.();
    cancelTimer = undefined;
    return (running ??= sendAll().finally(() => (running = undefined)));
  };

  context.watch(
    (gone) => {
      queue.seal();
      if (mayTry() && isAllowed()) {
        for (const chunk of queue.chunks) {
          // A request that is under way ends with its page.
          if (!chunk.isBusy || (gone && chunk === underWay)) void deliver(chunk, true);
        }
      }
      if (gone) queue.release();
    },
    () => {
      onAwake();
      if (queue.chunks[0] && mayTry()) void flush();
    },
  );

  return {
    nudge(urgent) {
      if ((urgent || queue.countRecords() >= settings.batchSize) && restMs() <= 0) void flush();
      else schedule(settings.batchMs);
    },
    flush,
  };
}
