import { parseLiveFields } from '@arbor/queue/live-stream';
import { liveStreamKey } from '@arbor/schema/cluster';
import type { Redis } from 'ioredis';
import type { LivePosition } from './ports.ts';

type RawEntry = [id: string, fields: string[]];

/** Entries behind `after`, in order, at most `max`. */
export async function readAfter(
  redis: Redis,
  project: number,
  after: string,
  max: number,
): Promise<LivePosition[]> {
  // '(' makes the start exclusive.
  const raw = await redis.xrange(liveStreamKey(project), `(${after}`, '+', 'COUNT', max);
  return positionsOf(raw);
}

/** Entries before `before` (exclusive; null = from the end), newest first, at most `max`. */
export async function readBefore(
  redis: Redis,
  project: number,
  before: string | null,
  max: number,
): Promise<LivePosition[]> {
  const end = before === null ? '+' : `(${before}`;
  const raw = await redis.xrevrange(liveStreamKey(project), end, '-', 'COUNT', max);
  return positionsOf(raw);
}

/** Waits up to `blockMs` for entries behind `after`; uses the connection alone while it waits. */
export async function waitAfter(
  redis: Redis,
  project: number,
  after: string,
  { max, blockMs }: { readonly max: number; readonly blockMs: number },
): Promise<LivePosition[]> {
  const reply = await redis.xread(
    'COUNT',
    max,
    'BLOCK',
    blockMs,
    'STREAMS',
    liveStreamKey(project),
    after,
  );
  return positionsOf(reply?.[0]?.[1] ?? []);
}

/** The place behind everything that is in the stream now. */
export async function lastId(redis: Redis, project: number): Promise<string> {
  const [last] = await redis.xrevrange(liveStreamKey(project), '+', '-', 'COUNT', 1);
  return last?.[0] ?? '0-0';
}

/** What something else wrote into the stream is passed over. */
function positionsOf(raw: readonly RawEntry[]): LivePosition[] {
  return raw.flatMap(([streamId, fields]) => {
    const entry = parseLiveFields(fields);
    return entry === null ? [] : [{ streamId, entry }];
  });
}
