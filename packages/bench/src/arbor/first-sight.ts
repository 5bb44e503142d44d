/**
 * Gives users the ordinals that an import in the order of time would: by first sight, from 1 on. Days must
 * come in order.
 */
export class FirstSight {
  /** Ordinal by number of the user; 0 = not seen. */
  readonly ordinals: Uint32Array;
  #last = 0;

  constructor(userCount: number) {
    this.ordinals = new Uint32Array(userCount);
  }

  /** Users that have an ordinal. */
  get count(): number {
    return this.#last;
  }

  see(users: Uint32Array): void {
    const { ordinals } = this;
    let last = this.#last;
    for (let row = 0; row < users.length; row++) {
      if (ordinals[users[row]] === 0) ordinals[users[row]] = ++last;
    }
    this.#last = last;
  }
}
