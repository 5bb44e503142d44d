import type { Store } from './store.ts';
import { parse } from './store.ts';
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
/** A living page writes its heartbeat at least this often … */
const heartbeatMs = 5000;
/** … so one that is older than this belongs to a page that is gone. */
const orphanMs = 15_000;
const adoptMs = 16_000;
/** The server takes nothing that is older than 35 days. */
const ageMsMax = 30 * 86_400_000;

/** Microseconds or so in base 36, of equal length for centuries: the order of text is that of time. */
const stamp = (ms: number, counter: number): string => (ms * 4096 + (counter & 4095)).toString(36);
const stampOf = (key: string): string => key.split('_')[2] ?? '';
const sizeOf = (parts: readonly string[]): number => parts.join().length;

export function openQueue(
  store: Store,
  { now, after, characters }: Surroundings,
  { recordsMax, bytesMax }: { readonly recordsMax: number; readonly bytesMax: number },
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
  /** Takes the events out of a chunk; who is who, and profiles, stay as long as they can. */
  const drop = (chunk: Chunk, reason: 'size' | 'age'): void => {
    const kept = chunk.parts.filter((part) => reason === 'size' && !isEvent.test(part));
    if (kept.length === chunk.parts.length) return;
    onDrop(chunk.parts.length - kept.length, reason);
    finish(chunk, kept);
  };
  const bound = (): void => {
    const oldest = stamp(now() - ageMsMax, 0);
    let left = bytesMax;
    for (const name of store.names('q_')) {
      if (!name.startsWith(`q_${tab}`)) left -= store.read(name)?.length ?? 0;
    }
    for (const { size } of chunks) left -= size;
    for (const chunk of chunks) {
      if (stampOf(chunk.key) < oldest) drop(chunk, 'age');
      else if (left < 0) {
        drop(chunk, 'size');
        left += chunk.size;
      }
    }
  };

  /** A heartbeat of the future is that of a clock that was set back since. */
  const isAlive = (name: string): boolean => Math.abs(now() - Number(store.read(name))) < orphanMs;
  const adopt = (): void => {
    const before = chunks.length;
    for (const name of store.names('q_')) {
      const [, owner, at] = name.split('_');
      if (owner === tab || isAlive(`t_${owner}`)) continue;
      // Version 0.1 kept `{ at, records }` under one key a page.
      const left = parse(store.read(name)) as unknown[] | { records?: unknown[] } | null;
      const records = Array.isArray(left) ? left : left?.records;
      if (Array.isArray(records) && records.length > 0) {
        const chunk = create(
          records.map((record) => JSON.stringify(record)),
          // Of two tabs that wrote in the same instant both are kept.
          at && `${at}_${owner}`,
        );
        chunks.push(chunk);
        beat();
        write(chunk);
      }
      store.remove(name);
    }
    for (const name of store.names('t_')) if (!isAlive(name)) store.remove(name);
    chunks.sort((a, b) => (stampOf(a.key) < stampOf(b.key) ? -1 : 1));
    bound();
    if (chunks.length > before) onAdopt();
    after(adoptMs, adopt);
  };
  const keepBeating = (): void => {
    beat();
    after(heartbeatMs, keepBeating);
  };
  // In the next task: the caller has not got the queue yet.
  after(0, adopt);
  after(heartbeatMs, keepBeating);

  return {
    get length() {
      return chunks.reduce((sum, { parts }) => sum + parts.length, 0);
    },
    add(record) {
      if (!open || open.parts.length >= recordsMax || open.size + record.length > chunkSizeMax) {
        save();
        open = create([]);
        chunks.push(open);
        bound();
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

/** As the client writes them: the name comes first. */
const isEvent = /^\{"event":"(?!\$identify|\$create_alias)/;
