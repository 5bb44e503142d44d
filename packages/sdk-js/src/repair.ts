import type { Refusal } from './answer.ts';
import { judge } from './answer.ts';
import type { Context } from './context.ts';
import { stringify } from './natives.ts';
import type { Chunk, QueueAccess } from './queue.ts';
import { stamp, stampOf, textOf } from './queue.ts';
import { backoffMark } from './sender.ts';
import { parse } from './store.ts';
import type { Answer, Packed } from './surroundings.ts';

/**
 * What a page needs only now and then: reading answers other than plain success, taking over what a page
 * that is gone left behind, and making large bodies small. Loaded when it is first needed. Where it is
 * blocked, `queue.ts` and `sender.ts` do without, roughly.
 */
export interface Repair {
  readonly settle: typeof settle;
  readonly tend: typeof tend;
  readonly compress: typeof compress;
}

const backoffMs = 2000;
const backoffMsMax = 300_000;
/** Somebody set something up wrong; waiting alone will not mend it. */
const mistakeMsMax = 600_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A living page writes its heartbeat more often, so one that is older belongs to a page that is gone. */
const orphanMs = 15_000;

/** The answer, and what it was an answer to. */
export interface Answered {
  /** Undefined when none was seen. */
  readonly answer: Answer | undefined;
  /** How many failed before, one after the other. */
  readonly failures: number;
  /** The server's clock less ours, ms. */
  readonly offset: number;
  readonly url: string;
}

/**
 * Reads an answer that is not plain success, and does with the chunk what it says (`browser-sdk.md` 8.3). What
 * became of it: it is off the queue, and so many of its records the server has; or it is to be sent again as it is,
 * and the number is less than 0, minus the ms until then.
 */
export function settle(
  queue: QueueAccess,
  chunk: Chunk,
  context: Context,
  { answer, failures, offset, url }: Answered,
): number {
  const { stop, report } = context;
  const now = context.now();
  const { parts } = chunk;
  // Given up while it was under way: refused by the visitor, for instance.
  if (!queue.chunks.includes(chunk)) return 0;
  const { type, failed, waitMs, isMistake } = judge(answer, now);
  const refuse = (record: unknown, refusal: object): void =>
    report('refused', { ...refusal, record });
  /** First what stays, then away with the old: whenever the page ends, nothing is missing. */
  const replace = (...left: string[][]): void => {
    left.forEach((body, i) => {
      if (body.length > 0) queue.put(body, `${stampOf(chunk.key)}${i}`);
    });
    sort(queue);
    queue.finish(chunk);
  };
  switch (type) {
    case 'done':
      replace(sortOut(parts, { failed, offset, serverNow: now + offset }, refuse));
      return parts.length - failed.length;
    case 'halve': {
      // Down to the one record that is refused alone: that one is given up, none of its neighbours.
      const half = parts.length >> 1;
      if (half > 0) replace(parts.slice(0, half), parts.slice(half));
      else {
        refuse(parse(parts[0]), { code: answer?.status });
        replace();
      }
      return 0;
    }
    case 'stop':
      // The project is gone: everything is dropped, and nothing is sent any more by this page.
      for (const one of queue.chunks) queue.finish(one);
      stop();
      return -hourMs;
    case 'wait': {
      if (isMistake) report('error', { message: `${url}: ${answer?.status}` });
      const mostMs = isMistake ? mistakeMsMax : backoffMsMax;
      const backoff = Math.min(mostMs, backoffMs * 2 ** failures) * (0.5 + Math.random() / 2);
      return waitMs ? -Math.ceil(waitMs) : backoffMark - Math.ceil(backoff);
    }
  }
}

/**
 * Records that were refused because the page's clock is ahead are mended by what the answer says, once.
 * They were refused by each earlier delivery too, so that nothing is stored twice (SDK-TM4).
 */
function sortOut(
  parts: readonly string[],
  {
    failed,
    offset,
    serverNow,
  }: {
    readonly failed: readonly Refusal[];
    readonly offset: number;
    readonly serverNow: number;
  },
  refuse: (record: unknown, refusal: Refusal) => void,
): string[] {
  const again: string[] = [];
  for (const refusal of failed) {
    const record = parse(parts[refusal.index]) as {
      properties?: Record<string, unknown>;
    } | null;
    const properties = record?.properties;
    if (refusal.code === 'future' && properties && !properties['$clock_fixed']) {
      // A clock that was set right since would leave the time where it is: it is no later than now.
      properties['time'] = Math.round(Math.min(Number(properties['time']) + offset, serverNow));
      properties['$clock_fixed'] = true;
      again.push(stringify(record));
    } else refuse(record, refusal);
  }
  return again;
}

/**
 * Takes over chunks of pages that are gone, then sees to the bounds; true = something was taken over. Two
 * pages may take one over at once: then records are sent twice, and the server drops one copy.
 */
export function tend(queue: QueueAccess, context: Context): boolean {
  const isRicher = adopt(queue, context.now());
  bound(queue, context);
  sort(queue);
  return isRicher;
}

/** Chunks are sent in order of capture. */
function sort({ chunks }: QueueAccess): void {
  chunks.sort((a, b) => (stampOf(a.key) < stampOf(b.key) ? -1 : 1));
}

function adopt({ disk, tab, put }: QueueAccess, now: number): boolean {
  let isRicher = false;
  /** A heartbeat of the future is that of a clock that was set back since. */
  const isAlive = (name: string): boolean => Math.abs(now - Number(disk.read(name))) < orphanMs;
  for (const [i, name] of disk.names('q_').entries()) {
    const [, owner, at] = name.split('_');
    if (owner === tab || isAlive(`t_${owner}`)) continue;
    // Version 0.1 kept `{ at, records }` under one key a page.
    const left = parse(disk.read(name)) as unknown[] | { records?: unknown[] } | null;
    const records = Array.isArray(left) ? left : left?.records;
    if (Array.isArray(records) && records.length > 0) {
      // Of several that begin in the same instant, as halves of one do, each is kept.
      const parts = records.map((record) => stringify(record));
      put(parts, `${at ?? stamp(now)}_${stamp(now, i)}`);
      isRicher = true;
    }
    disk.erase(name);
  }
  for (const name of disk.names('t_')) if (!isAlive(name)) disk.erase(name);
  return isRicher;
}

/** As the client writes them: the name comes first. */
const isEvent = /^\{"event":"(?!\$identify|\$create_alias)/;

/** Takes events out of chunks, oldest first, that are too many or too old; each is counted (SDK-Q6, SDK-Q7). */
function bound(queue: QueueAccess, context: Context): void {
  sort(queue);
  const { maxBytes, maxAgeDays = 30 } = context.settings;
  const oldest = stamp(context.now() - maxAgeDays * dayMs);
  const { disk, tab, put, finish, lose } = queue;
  /** Who is who, and profiles, stay as long as they can. */
  const drop = (chunk: Chunk, reason: 'size' | 'age'): void => {
    const kept = chunk.parts.filter((part) => reason === 'size' && !isEvent.test(part));
    if (kept.length === chunk.parts.length) return;
    lose(chunk.parts.length - kept.length, reason);
    if (kept.length > 0) put(kept, `${stampOf(chunk.key)}0`);
    finish(chunk);
  };
  let left = maxBytes;
  for (const name of disk.names('q_')) {
    if (!name.startsWith(`q_${tab}`)) left -= disk.read(name)?.length ?? 0;
  }
  for (const chunk of queue.chunks) left -= textOf(chunk).length;
  for (const chunk of queue.chunks.slice()) {
    if (stampOf(chunk.key) < oldest) drop(chunk, 'age');
    else if (left < 0) {
      drop(chunk, 'size');
      left += textOf(chunk).length;
    }
  }
}

/** As it is where the browser cannot. */
export async function compress(body: string): Promise<Packed> {
  try {
    const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
    const type = 'text/plain;charset=UTF-8';
    return new Blob([await new Response(stream).arrayBuffer()], { type });
  } catch {
    return body;
  }
}
