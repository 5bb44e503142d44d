import { assert } from '../../base/assert.ts';
import type { ScanColumn, ScanDictionary } from '../scan/scan-source.ts';
import { LazyDictionary } from './lazy-dictionary.ts';
import type { OpenSegments } from './open-segments.ts';
import { valuesOf } from './shared-snapshot.ts';
import type {
  DictionarySource,
  SharedPersonColumn,
  SharedRows,
  SharedThing,
} from './thread-messages.ts';
import { UserTable } from './user-table.ts';

/** What the host has told this thread of. */
export class ThreadThings {
  readonly files: OpenSegments;
  readonly #slabs = new Map<number, SharedArrayBuffer>();
  readonly #dictionaries = new Map<number, ScanDictionary>();
  readonly #users = new Map<number, UserTable>();
  readonly #persons = new Map<number, ScanColumn>();
  readonly #memory = new Map<number, SharedRows>();
  readonly #lists = new Map<number, { readonly bytes: Uint8Array; content: object | null }>();

  constructor(files: OpenSegments) {
    this.files = files;
  }

  add(thing: SharedThing): void {
    switch (thing.type) {
      case 'slab':
        this.#slabs.set(thing.id, thing.buffer);
        return;
      case 'dictionary':
        this.#dictionaries.set(thing.id, lazyDictionary(thing.source, this.files));
        return;
      case 'users':
        this.#users.set(thing.id, new UserTable(thing.users));
        return;
      case 'person column':
        this.#persons.set(thing.id, personColumn(thing.column));
        return;
      case 'memory part':
        this.#memory.set(thing.id, thing.rows);
        return;
      case 'list':
        this.#lists.set(thing.id, { bytes: thing.bytes, content: null });
    }
  }

  drop(id: number): void {
    const all: Map<number, unknown>[] = [
      this.#slabs,
      this.#dictionaries,
      this.#users,
      this.#persons,
      this.#memory,
      this.#lists,
    ];
    for (const map of all) if (map.delete(id)) return;
  }

  slab(id: number): SharedArrayBuffer {
    return known(this.#slabs, id, 'slab');
  }

  dictionary(id: number): ScanDictionary {
    return known(this.#dictionaries, id, 'dictionary');
  }

  users(id: number): UserTable {
    return known(this.#users, id, 'user table');
  }

  personColumn(id: number): ScanColumn {
    return known(this.#persons, id, 'person column');
  }

  memory(id: number): SharedRows {
    return known(this.#memory, id, 'memory part');
  }

  /** What a list of plans says: read when it is first asked for, and kept as long as the list. */
  list(id: number): object {
    const list = known(this.#lists, id, 'list');
    // A decoder takes no shared memory.
    list.content ??= JSON.parse(Buffer.from(list.bytes).toString()) as object;
    return list.content;
  }
}

function known<T>(map: ReadonlyMap<number, T>, id: number, what: string): T {
  const thing = map.get(id);
  assert(thing !== undefined, () => `${what} ${id} was never sent to this thread`);
  return thing;
}

function lazyDictionary(source: DictionarySource, files: OpenSegments): ScanDictionary {
  return source.type === 'json'
    ? new LazyDictionary(() => valuesOf(source.bytes), null)
    : new LazyDictionary(
        () => files.open(source.file).dictionary(source.property),
        () => files.open(source.file).numbers(source.property),
      );
}

function personColumn({ codes, values }: SharedPersonColumn): ScanColumn {
  return { codes, dictionary: new LazyDictionary(() => valuesOf(values), null) };
}
