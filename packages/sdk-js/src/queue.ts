import type { OnTrouble } from './repair.ts';
import type { Store } from './store.ts';
import type { Surroundings } from './surroundings.ts';

/** One key of storage and one body of a request: records as JSON, in order of capture. */
export interface Chunk {
  /** `q_<tab>_<time of the first record><counter>`, which is also the order. */
  readonly key: string;
  readonly parts: string[];
  size: number;
}

/**
 * What waits to be sent. Memory is the truth of this page; storage mirrors it, each chunk under a key of
 * the page's own. A page that finds chunks of one that is gone takes them over: writes them under its
 * name, then deletes the old key. Two pages may do so at once: then records are sent twice, and the
 * server drops one copy. States and invariants: README.md, Queue.
 */
export interface Queue {
  readonly length: number;
  add(record: string): void;
  /** Oldest first. */
  chunks(): readonly Chunk[];
  /** Stores what waits, and adds nothing to it any more: a body that is under way must not change. */
  seal(): void;
  /** Delivered or given up; `rest` = what of it is to be sent again, a body each. */
  finish(chunk: Chunk, ...rest: string[][]): void;
  /** The page goes: the next one need not wait for this one's heartbeat to grow old. */
  release(): void;
  /** Deletes everything, in storage too. */
  clear(): void;
}

/** Of characters: at two bytes each a chunk still fits what a browser lets outlive a page, 64 KiB. */
const chunkSizeMax = 32_000;
/** A living page writes its heartbeat at least this often (`repair.ts`, `orphanMs`). */
const heartbeatMs = 5000;
/** The server takes nothing that is older than 35 days. */
const ageMsMax = 30 * 86_400_000;

/** Microseconds or so in base 36, of equal length for centuries: the order of text is that of time. */
const stamp = (ms: number, counter = 0): string => (ms * 4096 + (counter & 4095)).toString(36);
export const stampOf = ({ key }: Chunk): string => key.split('_')[2] ?? '';
const sizeOf = (parts: readonly string[]): number => parts.join().length;

export function openQueue(
  store: Store,
  { now, after, characters }: Surroundings,
  { recordsMax, bytesMax }: { readonly recordsMax: number; readonly bytesMax: number },
  onTrouble: OnTrouble,
  onAdopt: () => void,
  onDrop: (count: number, reason: 'size' | 'age') => void,
): Queue {
  const tab = characters(8);
  const beatName = `t_${tab}`;
  let chunks: Chunk[] = [];
  /** The youngest, while records may be added to it. */
  let open: Chunk | undefined;
  let saving = false;
  let counter = 0;

  const create = (parts: string[], at = stamp(now(), ++counter)): Chunk => ({
    key: `q_${tab}_${at}`,
    parts,
    size: sizeOf(parts),
  });
  const write = ({ key, parts }: Chunk): void => store.write(key, `[${parts.join()}]`);
  const beat = (): void => {
    if (chunks.length > 0) store.write(beatName, String(now()));
  };
  const save = (): void => {
    if (saving && open) {
      beat();
      write(open);
    }
    saving = false;
  };
  const finish = (chunk: Chunk, ...rest: string[][]): void => {
    // Given up while it was under way.
    if (!chunks.includes(chunk)) return;
    if (chunk === open) open = undefined;
    // Its own place, and one right behind it.
    const left = rest
      .filter((parts) => parts.length > 0)
      .map((parts, i) => create(parts, chunk.key.slice(`q_${tab}_`.length) + i));
    // First what stays, then away with the old: whenever the page ends, nothing is missing.
    left.forEach(write);
    chunks = chunks.flatMap((one) => (one === chunk ? left : [one]));
    store.remove(chunk.key);
  };
  /** What pages that are gone left becomes ours; what is too much or too old leaves. */
  const tend = (): void => {
    const isForeign = (name: string): boolean => /^[qt]_/.test(name) && !name.includes(tab);
    if (!chunks[1] && !store.names('').some(isForeign)) return;
    void onTrouble((repair) => {
      const before = chunks.length;
      repair.adopt(store, {
        tab,
        now: now(),
        take(parts, at) {
          const chunk = create(parts, at);
          chunks.push(chunk);
          beat();
          write(chunk);
        },
      });
      chunks.sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1));
      if (chunks.length > before) onAdopt();
      const oldest = stamp(now() - ageMsMax);
      repair.bound(store, { tab, chunks, oldest, bytesMax, finish, onDrop });
    });
  };
  const keepTending = (): void => {
    after(heartbeatMs, keepTending);
    beat();
    tend();
  };
  // In the next task: the caller has not got the queue yet.
  after(0, keepTending);

  return {
    get length() {
      return chunks.reduce((sum, { parts }) => sum + parts.length, 0);
    },
    add(record) {
      if (!open || open.parts.length >= recordsMax || open.size + record.length > chunkSizeMax) {
        save();
        open = create([]);
        chunks.push(open);
        tend();
      }
      open.parts.push(record);
      open.size += record.length + 1;
      // A burst of calls is one write.
      if (!saving) void Promise.resolve().then(save);
      saving = true;
    },
    chunks: () => chunks,
    seal() {
      save();
      open = undefined;
    },
    finish,
    release: () => store.remove(beatName),
    clear() {
      chunks = [];
      open = undefined;
      for (const name of store.names('q_')) store.remove(name);
    },
  };
}
