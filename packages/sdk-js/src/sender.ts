import type { Chunk, Queue } from './queue.ts';
import type { OnTrouble, Outcome } from './repair.ts';
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
  readonly onTrouble: OnTrouble;
  /** The server's clock less ours, in ms. */
  readonly onClock: (offsetMs: number) => void;
  /** `sent`: how many; `refused`: a record that the server will never take; `error`: of the set-up. */
  readonly report: (type: 'sent' | 'refused' | 'error', info: Record<string, unknown>) => void;
}

/** What an answer of the server may hold, as far as plain success goes. */
interface Body {
  readonly status?: unknown;
  readonly failed?: { readonly length?: number };
  readonly now?: unknown;
}

const backoffMs = 2000;
const backoffMsMax = 300_000;
/** Waking up tries before the back-off is over, but not in a storm. */
const impatienceMs = 5000;
const hourMs = 3_600_000;
/** Where pages share when the server may be tried again. */
const backoffName = 'b';

export function createSender(
  queue: Queue,
  store: Store,
  { post, after, random, now, watch }: Surroundings,
  { url, batchSize, batchMs, isAllowed, onClock, onTrouble, report }: SenderOptions,
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
    const answer = await post(url, `[${chunk.parts.join()}]`, isLeaving).catch(() => undefined);
    const body = Object(parse(answer?.text ?? null)) as Body;
    const offset = Number(body.now) - (start + now()) / 2 || 0;
    if (body.now) onClock(offset);

    // Only an answer that is the server's own takes records off the queue: a hotel's log-in page is not.
    const isPlain = answer?.status === 200 && body.status === 1 && !body.failed?.length;
    const {
      left,
      sentCount = 0,
      waitMs,
      mostMs,
      isOver,
    }: Outcome = isPlain
      ? { left: [], sentCount: chunk.parts.length }
      : ((answer &&
          (await onTrouble((repair) =>
            repair.readAnswer(chunk, answer, { now: now(), offset, url, report }),
          ))) ??
        {});
    if (left) {
      failures = notBefore = 0;
      store.remove(backoffName);
      queue.finish(chunk, ...left);
      if (sentCount) report('sent', { count: sentCount });
    } else if (isOver) {
      isStopped = true;
      queue.clear();
    } else {
      const wait =
        waitMs ??
        Math.min(mostMs ?? backoffMsMax, backoffMs * 2 ** failures++) * (0.5 + random() / 2);
      notBefore = now() + wait;
      store.write(backoffName, String(Math.ceil(notBefore)));
      schedule(wait);
    }
    return !!left;
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

  const sayFarewell = (gone?: boolean): void => {
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
  };
  watch(sayFarewell, () => {
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
