import type { ImportUsers } from '@arbor/engine/import/build-day';
import type { ShardUsers } from '@arbor/engine/import/shard-users';
import { bulkLimits } from './bulk-limits.ts';

/** The identity map as an import needs it. */
export interface ImportIdentities {
  /**
   * Makes each identifier, given ascending, known as a user of its own unless it is known already; answers the
   * canonical ids of those that are another's.
   */
  register(project: number, identifiers: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** The distinct ids of a file, by the numbers that the parser gave them. */
export interface FileUsers {
  readonly count: number;
  text(user: number): string;
}

/**
 * Who the distinct ids of a file are. Canonical ids are asked for once a file: a user that is merged
 * meanwhile keeps rows under the loser's ordinal, which the link of the merge makes the winner's, as it
 * does with rows that were stored before.
 */
export class ImportUserResolver {
  readonly #identities: ImportIdentities;
  readonly #project: number;
  /** Canonical id by number, where it is another one than was sent. */
  readonly #canonical = new Map<number, string>();
  /** By number: 1 = it was asked for. */
  #isResolved = new Uint8Array(0);
  /** By number, in the shard they were asked for with; ordinal 0 = not yet. */
  #ordinals = new Uint32Array(0);
  #sentIds = new Uint32Array(0);
  #sentIdTexts = [''];
  #shard: ShardUsers | undefined;

  constructor(identities: ImportIdentities, project: number) {
    this.#identities = identities;
    this.#project = project;
  }

  /**
   * Registers those of the numbers, each once, that are new. In the order of their texts: an index that grows at
   * one place takes PostgreSQL half the time of one that grows everywhere.
   */
  async resolve(users: FileUsers, numbers: Uint32Array): Promise<void> {
    this.#isResolved = grown(this.#isResolved, users.count);
    const added: { user: number; text: string }[] = [];
    for (const user of numbers) {
      if (this.#isResolved[user] === 0) added.push({ user, text: users.text(user) });
    }
    added.sort((one, other) => (one.text < other.text ? -1 : 1));
    for (let first = 0; first < added.length; first += bulkLimits.identifiersAtOnce) {
      const part = added.slice(first, first + bulkLimits.identifiersAtOnce);
      const texts = part.map(({ text }) => text);
      const canonical = await this.#identities.register(this.#project, texts);
      for (const { user, text } of part) {
        const own = canonical.get(text);
        if (own !== undefined) this.#canonical.set(user, own);
        this.#isResolved[user] = 1;
      }
    }
  }

  /** Who the numbers are, all of them resolved. Those that the shard does not know yet are added to it. */
  usersOf(users: FileUsers, numbers: Uint32Array, shard: ShardUsers): ImportUsers {
    if (shard !== this.#shard) this.#forgetPlaces();
    this.#shard = shard;
    this.#ordinals = grown(this.#ordinals, users.count);
    this.#sentIds = grown(this.#sentIds, users.count);
    for (const user of numbers) {
      if (this.#ordinals[user] !== 0) continue;
      const canonical = this.#canonical.get(user);
      this.#ordinals[user] = shard.ordinal(canonical ?? users.text(user));
      if (canonical !== undefined) {
        this.#sentIds[user] = this.#sentIdTexts.push(users.text(user)) - 1;
      }
    }
    return {
      ordinals: shared(this.#ordinals),
      sentIds: shared(this.#sentIds),
      sentIdTexts: this.#sentIdTexts,
    };
  }

  #forgetPlaces(): void {
    this.#ordinals = new Uint32Array(0);
    this.#sentIds = new Uint32Array(0);
    this.#sentIdTexts = [''];
  }
}

/** The array with room for `count`, new places 0. By half more at a time: it grows with every chunk. */
function grown<Numbers extends Uint8Array | Uint32Array>(array: Numbers, count: number): Numbers {
  if (count <= array.length) return array;
  const type = array.constructor as new (length: number) => Numbers;
  const larger = new type(count + (count >>> 1));
  larger.set(array);
  return larger;
}

/** In memory that every thread may read. */
function shared(numbers: Uint32Array): Uint32Array {
  const array = new Uint32Array(new SharedArrayBuffer(numbers.length * 4));
  array.set(numbers);
  return array;
}
