import type { PoolThread } from './thread-pool.ts';
import type { SharedThing } from './thread-messages.ts';

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Things that threads are told of once: which there are, and who knows which. */
export class SharedThings {
  readonly #things = new Map<number, SharedThing>();
  readonly #knownBy = new Map<PoolThread, Set<number>>();
  #lastId = 0;

  /** Registers a thing; nobody is told yet. */
  add(thing: Unnumbered<SharedThing>): number {
    const id = ++this.#lastId;
    this.#things.set(id, { ...thing, id } as SharedThing);
    return id;
  }

  /** The buffer of a slab; undefined = it was dropped. */
  slab(id: number): SharedArrayBuffer | undefined {
    const thing = this.#things.get(id);
    return thing?.type === 'slab' ? thing.buffer : undefined;
  }

  /** Makes sure that the thread can find these; to be called before a message that names them. */
  tell(thread: PoolThread, ids: Iterable<number>): void {
    let known = this.#knownBy.get(thread);
    if (known === undefined) this.#knownBy.set(thread, (known = new Set()));
    const things: SharedThing[] = [];
    for (const id of ids) {
      if (known.has(id)) continue;
      const thing = this.#things.get(id);
      if (thing === undefined) continue;
      known.add(id);
      things.push(thing);
    }
    if (things.length > 0) thread.send({ type: 'share', things });
  }

  /** Nothing will name these any more. */
  drop(ids: readonly number[]): void {
    for (const id of ids) this.#things.delete(id);
    for (const [thread, known] of this.#knownBy) {
      const own = ids.filter((id) => known.delete(id));
      if (own.length > 0) thread.send({ type: 'drop', ids: own });
    }
  }

  /** A thread is gone. */
  forget(thread: PoolThread): void {
    this.#knownBy.delete(thread);
  }
}
