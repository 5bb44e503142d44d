import {
  type CatalogHead,
  readCatalog,
  readCatalogSince,
  type StoredCatalog,
} from '@arbor/db/catalog';
import { ShardUsers } from '@arbor/engine/import/shard-users';
import { UsersFile } from '@arbor/engine/users-file';
import type { ObjectStore } from '@arbor/object-store/object-store';
import type pg from 'pg';
import { inOrder } from '../storage/build-shard-catalog.ts';

/** Follows the catalog of one shard as far as an import into one project must: version and users. */
export class CatalogUsersFollower {
  readonly #pool: pg.Pool;
  readonly #objects: ObjectStore;
  readonly #owner: { readonly project: number; readonly shard: number };
  #catalog: StoredCatalog | undefined;
  /** Keys of the users files that `users` is made of, in order. */
  #loaded: string[] = [];
  #users = new ShardUsers();

  constructor(
    pool: pg.Pool,
    objects: ObjectStore,
    owner: { readonly project: number; readonly shard: number },
  ) {
    this.#pool = pool;
    this.#objects = objects;
    this.#owner = owner;
  }

  /**
   * Users and version of the catalog as of now. To be called under the lock of the shard. `isContinued` = ordinals
   * that were given out before still hold; they do not after the database was restored from a backup.
   */
  async refresh(): Promise<CatalogHead & { users: ShardUsers; isContinued: boolean }> {
    const { catalog, isContinued } = this.#catalog
      ? await readCatalogSince(this.#pool, this.#catalog)
      : { catalog: await readCatalog(this.#pool, this.#owner.shard), isContinued: true };
    if (!isContinued) this.forget();
    this.#catalog = catalog;
    const keys = inOrder(catalog)
      .filter(({ kind, project }) => kind === 'users' && project === this.#owner.project)
      .map(({ key }) => key);
    // A compaction of users files puts one in the place of several: then everything is read again.
    if (!this.#loaded.every((key, i) => keys[i] === key)) this.forget();
    for (const key of keys.slice(this.#loaded.length)) {
      this.#users.load(UsersFile.open(await this.#objects.get(key), this.#owner));
      this.#loaded.push(key);
    }
    const { version, revision } = catalog;
    return { version, revision, users: this.#users, isContinued };
  }

  /** The file that `users` gave last is part of the catalog. */
  committed(usersKey: string): void {
    this.#loaded.push(usersKey);
  }

  /** What `users` gave out may not hold: reads everything again the next time. */
  forget(): void {
    this.#loaded = [];
    this.#users = new ShardUsers();
  }
}
