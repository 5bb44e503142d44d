import type { UserIds } from '../../query/scan/project-snapshot.ts';
import type { SharedIds } from './shared-ids.ts';
import { UserBase } from './user-base.ts';

/**
 * Canonical id ↔ ordinal within one project of one shard, dense from 1 in order of first sight; "" (no
 * user) is ordinal 0. Ordinals are never reused: a user that was merged away leaves a hole.
 *
 * Up to `baseCount` they are those of the catalog and the same on every replica. What comes behind is
 * provisional: the replica that runs an index job makes its own order the catalog's.
 */
export class UserDictionary {
  readonly #base: UserBase;
  readonly baseCount: number;
  readonly #provisional = new Map<string, number>();
  #ids: SharedIds;
  #count: number;

  constructor(base = new UserBase()) {
    this.#base = base;
    this.baseCount = base.count;
    this.#count = base.count;
    this.#ids = base.ids;
  }

  /** The greatest ordinal given out. */
  get count(): number {
    return this.#count;
  }

  /** All ids as they are now. */
  get userIds(): UserIds {
    return this.#ids.upTo(this.#count);
  }

  id(ordinal: number): string {
    return ordinal === 0 ? '' : this.#ids.text(ordinal);
  }

  /** The ordinal of the id; 0 = it was never seen. */
  find(id: string): number {
    if (id === '') return 0;
    const provisional = this.#provisional.get(id);
    if (provisional !== undefined) return provisional;
    const bytes = Buffer.from(id);
    return this.#base.find(bytes, 0, bytes.length, this.baseCount);
  }

  /** The ordinal of the id, a new one at its first sight. */
  ordinal(id: string): number {
    const known = this.find(id);
    if (known !== 0 || id === '') return known;
    const bytes = Buffer.from(id);
    this.#ids = this.#ids.with(this.#count + 1, bytes, 0, bytes.length);
    this.#count++;
    this.#provisional.set(id, this.#count);
    return this.#count;
  }
}
