import type { Refusal } from './answer.ts';
import { judge } from './answer.ts';
import type { Chunk, Queue } from './queue.ts';
import type { Store } from './store.ts';
import { parse } from './store.ts';
import type { Surroundings } from './surroundings.ts';

/** Brings the queue's records to the server, one request at a time. */
export interface Sender {
  /** A record was added: send soon, or at once when a whole batch waits or it is `urgent`. */
  nudge(urgent?: boolean): void;
  /** Tries now; resolves when the queue is empty or the attempt is over. */
  flush(): Promise<void>;
}

export interface SenderOptions {
  readonly url: string;
  readonly batchSize: number;
  /** The visitor has not refused since, in another tab for instance. */
  readonly isAllowed: () => boolean;
  readonly batchMs: number;
  /** The server's clock less ours, in ms. */
  readonly onClock: (offsetMs: number) => void;
  /** `sent`: how many; `refused`: a record that the server will never take; `error`: of the set-up. */
  readonly report: (type: 'sent' | 'refused' | 'error', info: Record<string, unknown>) => void;
}

const backoffMs = 2000;
const backoffMsMax = 300_000;
const mistakeMsMax = 600_000;
/** Waking up tries before the back-off is over, but not in a storm. */
const impatienceMs = 5000;
const hourMs = 3_600_000;
/** Where pages share when the server may be tried again. */
const backoffName = 'b';

export function createSender(
  queue: Queue,
  store: Store,
  { post, after, random, now, onHidden, onAwake }: Surroundings,
  { url, batchSize, batchMs, isAllowed, onClock, report }: SenderOptions,
): Sender {
  let cancelTimer: (() => void) | undefined;
  let running: Promise<void> | undefined;
  /** Said farewell with, and not answered: a page that is hidden and then left says good-bye twice. */
  const leaving = new Map<Chunk, Promise<unknown>>();
  let underWay: Chunk | undefined;
  let failures = 0;
  let lastTry = -Infinity;
  let notBefore = 0;
  let isStopped = false;

  const blockedUntil = (): number => {
    const shared = Number(store.read(backoffName));
    // A time that is far away was written by a clock that was wrong.
    return Math.max(notBefore, shared < now() + hourMs ? shared : 0);
  };
  const schedule = (ms: number): void => {
    cancelTimer ??= after(ms, () => {
      cancelTimer = undefined;
      const wait = blockedUntil() - now();
      if (wait > 0) schedule(wait);
      else void flush();
    });
  };

  /** Sends one body; true = it is off the queue, wholly or in part, and the next may go. */
  const deliver = async (chunk: Chunk, isLeaving: boolean): Promise<boolean> => {
    const start = now();
    const count = chunk.parts.length;
    const answer = await post(url, `[${chunk.parts.join()}]`, isLeaving).catch(() => undefined);
    const { type, failed, serverNow, waitMs, isMistake } = judge(answer, now());
    const offset = serverNow === undefined ? 0 : serverNow - (start + now()) / 2;
    if (serverNow !== undefined) onClock(offset);

    if (type === 'done') {
      failures = notBefore = 0;
      store.remove(backoffName);
      queue.finish(chunk, ...sortOut(chunk, failed, offset, serverNow));
      report('sent', { count: count - failed.length });
    } else if (type === 'halve') {
      // Down to the one record that is refused alone: that one is given up, none of its neighbours.
      const half = count >> 1;
      if (half) queue.finish(chunk, chunk.parts.slice(0, half), chunk.parts.slice(half));
      else {
        report('refused', { record: parse(chunk.parts[0] ?? ''), code: answer?.status });
        queue.finish(chunk);
      }
    } else if (type === 'stop') {
      isStopped = true;
      queue.clear();
    } else {
      if (isMistake) report('error', { message: `${url}: ${answer?.status}` });
      const most = isMistake ? mistakeMsMax : backoffMsMax;
      const wait = waitMs ?? Math.min(most, backoffMs * 2 ** failures++) * (0.5 + random() / 2);
      notBefore = now() + wait;
      store.write(backoffName, String(Math.ceil(notBefore)));
      schedule(wait);
      return false;
    }
    return true;
  };

  /**
   * Records that were refused because the page's clock is ahead are mended by what the answer says, once.
   * They were refused by each earlier delivery too, so that nothing is stored twice (SDK-TM4).
   */
  const sortOut = (
    { parts }: Chunk,
    failed: readonly Refusal[],
    offset: number,
    serverNow = now(),
  ): string[][] => {
    const again: string[] = [];
    for (const refusal of failed) {
      const record = parse(parts[refusal.index] ?? '') as {
        properties?: Record<string, unknown>;
      } | null;
      const properties = record?.properties;
      if (refusal.code === 'future' && properties && !properties['$clock_fixed']) {
        // A clock that was set right since would leave the time where it is: it is no later than now.
        properties['time'] = Math.round(Math.min(Number(properties['time']) + offset, serverNow));
        properties['$clock_fixed'] = true;
        again.push(JSON.stringify(record));
      } else report('refused', { ...refusal, record });
    }
    return [again];
  };

  const sendAll = async (): Promise<void> => {
    for (;;) {
      await Promise.all(leaving.values());
      if (!isAllowed()) queue.clear();
      queue.seal();
      const [chunk] = queue.chunks();
      if (!chunk || isStopped) return;
      lastTry = now();
      underWay = chunk;
      const goesOn = await deliver(chunk, false);
      underWay = undefined;
      if (!goesOn) return;
    }
  };
  const flush = (): Promise<void> => {
    cancelTimer?.();
    cancelTimer = undefined;
    running ??= sendAll().finally(() => (running = undefined));
    return running;
  };

  onHidden((gone) => {
    queue.seal();
    if (blockedUntil() <= now() && !isStopped && isAllowed()) {
      for (const chunk of queue.chunks()) {
        // A request that is under way ends with its page.
        if (leaving.has(chunk) || (chunk === underWay && !gone)) continue;
        leaving.set(
          chunk,
          deliver(chunk, true).finally(() => leaving.delete(chunk)),
        );
      }
    }
    if (gone) queue.release();
  });
  onAwake(() => {
    if (queue.length > 0 && now() - lastTry > impatienceMs) void flush();
  });

  return {
    nudge(urgent) {
      const isFull = urgent || queue.length >= batchSize;
      if (isFull && blockedUntil() <= now()) void flush();
      else schedule(batchMs);
    },
    flush,
  };
}
