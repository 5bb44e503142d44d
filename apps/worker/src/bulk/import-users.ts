import type { IdentityStore } from '@arbor/engine/identity/identity-store';
import type { ImportUsers } from '@arbor/engine/import/build-day';
import type { ShardUsers } from '@arbor/engine/import/shard-users';
import { bulkLimits } from './bulk-limits.ts';

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
  readonly #identities: IdentityStore;
  readonly #project: number;
  /** Canonical id by number, where it is another one than was sent. */
  readonly #canonical = new Map<number, string>();
  #resolvedCount = 0;
  /** By number, as far as they were asked for, in the shard they were asked for with. */
  #placed: { ordinals: number[]; sentIds: number[]; sentIdTexts: string[] } = {
    ordinals: [],
    sentIds: [],
    sentIdTexts: [''],
  };
  #shard: ShardUsers | undefined;

  constructor(identities: IdentityStore, project: number) {
    this.#identities = identities;
    this.#project = project;
  }

  /** Registers the ids that are new since the last call. */
  async resolve(users: FileUsers): Promise<void> {
    while (this.#resolvedCount < users.count) {
      const first = this.#resolvedCount;
      const end = Math.min(users.count, first + bulkLimits.identifiersAtOnce);
      const texts = Array.from({ length: end - first }, (_, i) => users.text(first + i));
      const { canonical } = await this.#identities.resolve({
        project: this.#project,
        batchId: '',
        identifiers: texts,
        links: [],
        redelivered: false,
      });
      for (const [i, text] of texts.entries()) {
        const own = canonical.get(text) ?? text;
        if (own !== text) this.#canonical.set(first + i, own);
      }
      this.#resolvedCount = end;
    }
  }

  /**
   * Who users 0 … count − 1 are, all of them resolved. Those that the shard does not know yet are added to it.
   */
  usersOf(users: FileUsers, count: number, shard: ShardUsers): ImportUsers {
    if (shard !== this.#shard) this.#placed = { ordinals: [], sentIds: [], sentIdTexts: [''] };
    this.#shard = shard;
    const { ordinals, sentIds, sentIdTexts } = this.#placed;
    for (let user = ordinals.length; user < count; user++) {
      const canonical = this.#canonical.get(user);
      ordinals.push(shard.ordinal(canonical ?? users.text(user)));
      sentIds.push(canonical === undefined ? 0 : sentIdTexts.push(users.text(user)) - 1);
    }
    return { ordinals: shared(ordinals), sentIds: shared(sentIds), sentIdTexts };
  }
}

/** In memory that every thread may read. */
function shared(numbers: readonly number[]): Uint32Array {
  const array = new Uint32Array(new SharedArrayBuffer(numbers.length * 4));
  array.set(numbers);
  return array;
}
