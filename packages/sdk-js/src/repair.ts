import type { Refusal } from './answer.ts';
import { judge } from './answer.ts';
import type { Chunk } from './queue.ts';
import { stampOf } from './queue.ts';
import type { Store } from './store.ts';
import { parse } from './store.ts';
import type { Answer } from './surroundings.ts';

/**
 * What a page needs only when something went wrong: reading answers other than plain success, and taking
 * over what a page that is gone left behind. Loaded at the first trouble. Until it is there, records
 * wait in the queue as they are; it may come late or never, and none is lost.
 */
export interface Repair {
  readonly readAnswer: typeof readAnswer;
  readonly adopt: typeof adopt;
  readonly bound: typeof bound;
}

/** Has it done by the part, as soon as that is there; undefined when it does not come or fails. */
export type OnTrouble = <Result>(run: (repair: Repair) => Result) => Promise<Result | undefined>;

/** What becomes of a chunk that was answered. */
export interface Outcome {
  /** It is off the queue; these bodies of it are to be sent again. Without: it is sent again as it is. */
  readonly left?: readonly string[][];
  /** How many of its records the server has. */
  readonly sentCount?: number;
  /** As the server asked. */
  readonly waitMs?: number | undefined;
  /** The longest the back-off may become, where it differs. */
  readonly mostMs?: number | undefined;
  /** The project is gone: drop everything, for this page. */
  readonly isOver?: boolean;
}

/** Somebody set something up wrong; waiting alone will not mend it. */
const mistakeMsMax = 600_000;
/** A living page writes its heartbeat more often, so one that is older belongs to a page that is gone. */
const orphanMs = 15_000;

/** `offset`: the server's clock less ours, ms. `report` hears of what is refused. */
export function readAnswer(
  { parts }: Chunk,
  answer: Answer,
  {
    now,
    offset,
    url,
    report,
  }: {
    readonly now: number;
    readonly offset: number;
    readonly url: string;
    readonly report: (type: 'refused' | 'error', info: Record<string, unknown>) => void;
  },
): Outcome {
  const { type, failed, waitMs, isMistake } = judge(answer, now);
  const refuse = (record: unknown, refusal: object): void =>
    report('refused', { ...refusal, record });
  if (type === 'done') {
    const left = sortOut(parts, { failed, offset, serverNow: now + offset }, refuse);
    return { left: left.length > 0 ? [left] : [], sentCount: parts.length - failed.length };
  }
  if (type === 'halve') {
    // Down to the one record that is refused alone: that one is given up, none of its neighbours.
    const half = parts.length >> 1;
    if (half > 0) return { left: [parts.slice(0, half), parts.slice(half)] };
    refuse(parse(parts[0] ?? ''), { code: answer.status });
    return { left: [] };
  }
  if (isMistake) report('error', { message: `${url}: ${answer.status}` });
  return { isOver: type === 'stop', waitMs, mostMs: isMistake ? mistakeMsMax : undefined };
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
    const record = parse(parts[refusal.index] ?? '') as {
      properties?: Record<string, unknown>;
    } | null;
    const properties = record?.properties;
    if (refusal.code === 'future' && properties && !properties['$clock_fixed']) {
      // A clock that was set right since would leave the time where it is: it is no later than now.
      properties['time'] = Math.round(Math.min(Number(properties['time']) + offset, serverNow));
      properties['$clock_fixed'] = true;
      again.push(JSON.stringify(record));
    } else refuse(record, refusal);
  }
  return again;
}

/**
 * Takes over chunks of pages that are gone: `take` has them stored under this page's name before the old
 * key is deleted. Two pages may do so at once: then records are sent twice, and the server drops one copy.
 */
export function adopt(
  store: Store,
  {
    tab,
    now,
    take,
  }: {
    readonly tab: string;
    readonly now: number;
    readonly take: (parts: string[], at: string | undefined) => void;
  },
): void {
  /** A heartbeat of the future is that of a clock that was set back since. */
  const isAlive = (name: string): boolean => Math.abs(now - Number(store.read(name))) < orphanMs;
  for (const name of store.names('q_')) {
    const [, owner, at] = name.split('_');
    if (owner === tab || isAlive(`t_${owner}`)) continue;
    // Version 0.1 kept `{ at, records }` under one key a page.
    const left = parse(store.read(name)) as unknown[] | { records?: unknown[] } | null;
    const records = Array.isArray(left) ? left : left?.records;
    if (Array.isArray(records) && records.length > 0) {
      take(
        records.map((record) => JSON.stringify(record)),
        // Of two tabs that wrote in the same instant both are kept.
        at && `${at}_${owner}`,
      );
    }
    store.remove(name);
  }
  for (const name of store.names('t_')) if (!isAlive(name)) store.remove(name);
}

/** As the client writes them: the name comes first. */
const isEvent = /^\{"event":"(?!\$identify|\$create_alias)/;

/** Takes events out of chunks, oldest first, that are too many or too old; each is counted (SDK-Q6, SDK-Q7). */
export function bound(
  store: Store,
  {
    tab,
    chunks,
    oldest,
    bytesMax,
    finish,
    onDrop,
  }: {
    readonly tab: string;
    readonly chunks: readonly Chunk[];
    /** Chunks with a smaller stamp are too old. */
    readonly oldest: string;
    readonly bytesMax: number;
    readonly finish: (chunk: Chunk, ...rest: string[][]) => void;
    readonly onDrop: (count: number, reason: 'size' | 'age') => void;
  },
): void {
  /** Who is who, and profiles, stay as long as they can. */
  const drop = (chunk: Chunk, reason: 'size' | 'age'): void => {
    const kept = chunk.parts.filter((part) => reason === 'size' && !isEvent.test(part));
    if (kept.length === chunk.parts.length) return;
    onDrop(chunk.parts.length - kept.length, reason);
    finish(chunk, kept);
  };
  let left = bytesMax;
  for (const name of store.names('q_')) {
    if (!name.startsWith(`q_${tab}`)) left -= store.read(name)?.length ?? 0;
  }
  for (const { size } of chunks) left -= size;
  for (const chunk of chunks) {
    if (stampOf(chunk) < oldest) drop(chunk, 'age');
    else if (left < 0) {
      drop(chunk, 'size');
      left += chunk.size;
    }
  }
}
