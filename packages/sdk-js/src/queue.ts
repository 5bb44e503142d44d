import type { Store } from './store.ts';
import type { Surroundings } from './surroundings.ts';

/** A record as it is sent. */
export type WireRecord = Readonly<Record<string, unknown>>;

/**
 * Records in order of capture. Memory is the truth of this page; storage mirrors it under a key of the
 * page's own, and a page that finds the key of one that is gone takes its records over. Two pages may
 * take the same key at the same moment: then a record is sent twice, and the server drops one.
 */
export interface Queue {
  readonly length: number;
  add(record: WireRecord): void;
  /** The oldest ones, left where they are. */
  peek(count: number): readonly WireRecord[];
  remove(records: readonly WireRecord[]): void;
  /** Writes to storage now, instead of in the next microtask. */
  save(): void;
}

/** A living page with records writes its key at least this often … */
const heartbeatMs = 5000;
/** … so a key that is older than this belongs to a page that is gone. */
const orphanMs = 15_000;
const adoptMs = 20_000;
/** Bound of the stored text: the oldest records stay in memory only. */
const storedMax = 1_000_000;

export function openQueue(store: Store, surroundings: Surroundings, onAdopt: () => void): Queue {
  const { now, after, uuid } = surroundings;
  const own = `q_${uuid().slice(0, 8)}`;
  let records: WireRecord[] = [];
  let saving = false;

  const save = (): void => {
    saving = false;
    if (records.length === 0) return store.remove(own);
    let kept = records;
    while (JSON.stringify(kept).length > storedMax) kept = kept.slice(Math.ceil(kept.length / 4));
    store.write(own, { at: now(), records: kept });
  };
  const beat = (): void => {
    if (records.length > 0) save();
    after(heartbeatMs, beat);
  };
  const adopt = (): void => {
    for (const name of store.names('q_')) {
      const left = store.read(name) as { at?: unknown; records?: unknown } | null;
      if (name === own || Number(left?.at) > now() - orphanMs) continue;
      if (Array.isArray(left?.records)) records = [...(left.records as WireRecord[]), ...records];
      save();
      store.remove(name);
    }
    if (records.length > 0) onAdopt();
    after(adoptMs, adopt);
  };

  // In the next task: the caller has not got the queue yet.
  after(0, adopt);
  after(heartbeatMs, beat);

  return {
    get length() {
      return records.length;
    },
    add(record) {
      records.push(record);
      if (saving) return;
      // A burst of calls is one write.
      saving = true;
      void Promise.resolve().then(save);
    },
    peek: (count) => records.slice(0, count),
    remove(done) {
      const gone = new Set(done);
      records = records.filter((record) => !gone.has(record));
      save();
    },
    save,
  };
}
