import type { PropertyValue } from '@arbor/schema/property-value';
import { placeOf } from '../../store/merge/redirected-runs.ts';
import type { UserRedirects } from '../scan/project-snapshot.ts';
import type { ScanColumn } from '../scan/scan-source.ts';
import type { SharedUsers } from './thread-messages.ts';

/** The users of one snapshot, as threads read them. */
export class UserTable {
  readonly count: number;
  readonly redirects: UserRedirects;
  readonly #users: SharedUsers;
  readonly #bytes: Buffer;
  #idColumn: ScanColumn | undefined;

  constructor(users: SharedUsers) {
    const { buffer, byteOffset, byteLength } = users.bytes;
    this.count = users.count;
    this.redirects = users;
    this.#users = users;
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
  }

  /** The id as it was given out, also of a user that was merged away; "" for 0. */
  id(ordinal: number): string {
    const { ends } = this.#users;
    return ordinal === 0 ? '' : this.#bytes.toString('utf8', ends[ordinal - 1], ends[ordinal]);
  }

  /** The canonical id; "" for 0 and for a user that was merged away. */
  currentId(ordinal: number): string {
    const { losers } = this.redirects;
    return losers[placeOf(losers, ordinal)] === ordinal ? '' : this.id(ordinal);
  }

  /** The ids as a property of persons. Millions of texts: made when a query asks for them, which few do. */
  get idColumn(): ScanColumn {
    this.#idColumn ??= this.#makeIdColumn();
    return this.#idColumn;
  }

  #makeIdColumn(): ScanColumn {
    const values: PropertyValue[] = [null];
    const codes = new Uint32Array(this.count + 1);
    for (let ordinal = 1; ordinal <= this.count; ordinal++) {
      const id = this.currentId(ordinal);
      codes[ordinal] = id === '' ? 0 : ordinal;
      values.push(id);
    }
    return { codes, dictionary: { values, numbers: new Float64Array(values.length).fill(NaN) } };
  }
}
