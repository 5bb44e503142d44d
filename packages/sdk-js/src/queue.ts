import type { Context } from './context.ts';
import { guard } from './guard.ts';
import { stringify } from './natives.ts';
import type { Store } from './store.ts';
import { parse } from './store.ts';

/** One key of storage and one body of a request: records as JSON, in order of capture. */
export interface Chunk {
  /** `q_<tab>_<time of the first record><counter>`, which is also the order. */
  readonly key: string;
  readonly parts: string[];
  /** Sent and not answered: a page that is hidden and then left says good-bye twice. */
  isBusy?: boolean;
}

/** What the part that mends trouble may do with the queue. */
export interface QueueAccess {
  readonly disk: Store;
  readonly tab: string;
  readonly chunks: Chunk[];
  /** Stores them as a chunk of this page's, out of order. */
  readonly put: (parts: string[], at: string) => void;
  /** Away with it, or (`isKept`) out of the way alone: the next page will find it in storage. */
  readonly finish: (chunk: Pick<Chunk, 'key'>, isKept?: boolean) => void;
  readonly lose: (count: number, reason: 'size' | 'age') => void;
}

/**
 * What waits to be sent. Memory is the truth of this page; storage mirrors it, each chunk under a key of
 * the page's own. A page that finds chunks of one that is gone takes them over: writes them under its
 * name, then deletes the old key. Two pages may do so at once: then records are sent twice, and the
 * server drops one copy. States and invariants: README.md, Queue.
 */
export interface Queue extends QueueAccess {
  /** Of records. */
  countRecords(): number;
  add(record: string): void;
  /** Stores what waits, and adds nothing to it any more: a body that is under way must not change. */
  seal(): void;
  /** The page goes: the next one need not wait for this one's heartbeat to grow old. */
  release(): void;
  /** Forgets what this page holds; what is stored of it stays there. */
  forget(): void;
}

/** Of characters: at two bytes each a chunk still fits what a browser lets outlive a page, 64 KiB. */
const chunkSizeMax = 32_000;
/** A living page writes its heartbeat at least this often (`repair.ts`, `orphanMs`). */
const heartbeatMs = 5000;
/** Where it stands what was given up and not told yet, as properties of the next event. */
export const droppedName = 'd';

/** Microseconds or so in base 36, of equal length for centuries: the order of text is that of time. */
export const stamp = (ms: number, counter = 0): string =>
  (ms * 4096 + (counter & 4095)).toString(36);
/** The chunk as it is stored and sent. */
export const textOf = ({ parts }: Chunk): string => `[${parts.join()}]`;
/** Behind `q_`, eight characters of the tab and `_`. */
export const stampOf = (key: string): string => key.slice(11);

/** `onAdopt` hears that there is more to send. */
export function openQueue(context: Context, onAdopt: () => void): Queue {
  const { now, after, settings, disk, report } = context;
  const tab = context.characters(8);
  const beatName = `t_${tab}`;
  let chunks: Chunk[] = [];
  /** The youngest, while records may be added to it. */
  let open: Chunk | undefined;
  let saving = false;
  let counter = 0;

  const create = (parts: string[], at: string): Chunk => {
    const chunk: Chunk = { key: `q_${tab}_${at}`, parts };
    chunks.push(chunk);
    return chunk;
  };
  const beat = (): void => {
    if (chunks[0]) disk.write(beatName, now());
  };
  const write = (chunk: Chunk): void => {
    beat();
    disk.write(chunk.key, textOf(chunk));
  };
  const save = (): void => {
    if (saving && open) write(open);
    saving = false;
  };
  /** In the next microtask. Asks for no function that the page may have replaced. */
  const saveSoon = async (): Promise<void> => {
    // oxlint-disable-next-line unicorn/no-unnecessary-await, typescript/await-thenable
    await 0;
    save();
  };
  /** Where the part cannot be had, what is too much leaves all the same, of each page the oldest first. */
  const sweep = (): void => {
    let left = settings.maxBytes;
    for (const key of disk.names('q_').reverse()) {
      const text = disk.read(key) ?? '';
      if ((left -= text.length) > 0) continue;
      queue.lose(Object(parse(text)).length, 'size');
      queue.finish({ key });
    }
  };
  /** What pages that are gone left becomes ours; what is too much or too old leaves. */
  const tend = guard(async (): Promise<void> => {
    // More of them are stored than are ours.
    const isForeignThere = disk.names('q_')[chunks.length];
    if (!context.isAllowed() || !(chunks[1] || isForeignThere)) return;
    const repair = await context.askRepair();
    if (!repair) sweep();
    else if (repair.tend(queue, context)) onAdopt();
  }, report);
  const keepTending = (): void => {
    after(heartbeatMs, keepTending);
    beat();
    tend();
  };
  // In the next task: the caller has not got the queue yet.
  after(0, keepTending);

  const queue: Queue = {
    disk,
    tab,
    get chunks() {
      return chunks;
    },
    countRecords: () => chunks.reduce((sum, { parts }) => sum + parts.length, 0),
    add(record) {
      if (
        !open ||
        open.parts.length >= settings.batchSize ||
        textOf(open).length + record.length > chunkSizeMax
      ) {
        save();
        open = create([], stamp(now(), ++counter));
        tend();
      }
      open.parts.push(record);
      // A burst of calls is one write.
      if (!saving) void saveSoon();
      saving = true;
    },
    seal() {
      save();
      open = undefined;
    },
    put(parts, at) {
      write(create(parts, at));
    },
    finish({ key }, isKept) {
      chunks = chunks.filter((chunk) => chunk.key !== key);
      if (open?.key === key) open = undefined;
      if (!isKept) disk.erase(key);
    },
    lose(count, reason) {
      const before = Object(parse(disk.read(droppedName))) as { $dropped?: number };
      const lost = { $dropped: (before.$dropped ?? 0) + count, $dropped_reason: reason };
      disk.write(droppedName, stringify(lost));
      report('dropped', { count, reason });
    },
    release: () => disk.erase(beatName),
    forget() {
      chunks = [];
      open = undefined;
    },
  };
  return queue;
}
