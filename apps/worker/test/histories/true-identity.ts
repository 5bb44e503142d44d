import type { IdentityMode, LinkForm } from '@arbor/schema/identity';

/*
 * Who is one user, by the table of decisions in the engine's identity/SPEC.md, said as plainly as can be: users are
 * objects that hold identifiers. Nothing here is the product's.
 */

export interface TrueLink {
  readonly form: LinkForm;
  readonly alias: string;
  readonly user: string;
  readonly imported: boolean;
}

/** Those who were seen earlier are known by their identifier when two become one. */
interface Sight {
  readonly batch: number;
  readonly place: number;
}

export class TrueUser {
  readonly canonical: string;
  readonly seen: Sight;
  readonly identifiers: Set<string>;
  /** Who he turned out to be. */
  is: TrueUser | undefined;

  constructor(identifier: string, seen: Sight) {
    this.canonical = identifier;
    this.seen = seen;
    this.identifiers = new Set([identifier]);
  }

  now(): TrueUser {
    return this.is === undefined ? this : this.is.now();
  }
}

/** What a link did: two users were one all the time, or an identifier is another's from a record on. */
export type TrueOutcome =
  | { readonly type: 'united'; readonly winner: TrueUser; readonly loser: TrueUser }
  | { readonly type: 'onward'; readonly identifier: string; readonly before: TrueUser };

export type TrueUnion = Extract<TrueOutcome, { type: 'united' }>;

export class TrueIdentity {
  readonly #mode: IdentityMode;
  readonly #users = new Map<string, TrueUser>();
  readonly #firsts = new Map<string, TrueUser>();
  readonly #known = new Set<string>();
  /** Oldest first. */
  readonly #unions: TrueUnion[] = [];
  #batches = 0;

  constructor(mode: IdentityMode) {
    this.#mode = mode;
  }

  /** A batch comes, with these identifiers in order of appearance. */
  see(identifiers: readonly string[]): void {
    const batch = this.#batches++;
    for (const [place, identifier] of identifiers.entries()) {
      if (this.#users.has(identifier)) continue;
      const user = new TrueUser(identifier, { batch, place });
      this.#users.set(identifier, user);
      this.#firsts.set(identifier, user);
      if (!isAnonymous(identifier)) this.#known.add(identifier);
    }
  }

  userOf(identifier: string): TrueUser {
    const user = this.#users.get(identifier);
    if (user === undefined) throw new Error(`nobody has seen ${identifier}`);
    return user.now();
  }

  /** Who the identifier was before it was anybody else's. */
  alone(identifier: string): TrueUser {
    return this.#firsts.get(identifier) ?? this.userOf(identifier);
  }

  /** Through whom the identifiers came to be the users they are now, oldest first. */
  unionsOf(identifiers: readonly string[]): TrueUnion[] {
    const way = new Set<TrueUser>();
    for (const identifier of identifiers) {
      for (let user = this.#firsts.get(identifier); user !== undefined; user = user.is) {
        way.add(user);
      }
    }
    return this.#unions.filter(({ loser }) => way.has(loser));
  }

  /** Canonical ids of all who may have rows; in the mode legacy also of those who became aliases. */
  users(): string[] {
    return [...new Set(Array.from(this.#firsts.values(), (user) => user.now().canonical))];
  }

  /** Null = nothing changed: it was so already, or the link is refused. */
  say(link: TrueLink): TrueOutcome | null {
    const { form, alias, user } = link;
    if (this.#mode === 'legacy' && form === 'device') return null;
    const isAccepted = this.#accepts(link);
    if (form === 'identify' || form === 'device') this.#known.add(user);
    const [one, other] = [this.userOf(alias), this.userOf(user)];
    if (!isAccepted || one === other) return null;
    if (this.#mode === 'legacy') {
      for (const identifier of one.identifiers) {
        other.identifiers.add(identifier);
        this.#users.set(identifier, other);
      }
      one.identifiers.clear();
      return { type: 'onward', identifier: alias, before: one };
    }
    const [winner, loser] = this.#isEarlier(one, other) ? [one, other] : [other, one];
    for (const identifier of loser.identifiers) winner.identifiers.add(identifier);
    loser.is = winner;
    const union: TrueUnion = { type: 'united', winner, loser };
    this.#unions.push(union);
    return union;
  }

  #accepts({ form, alias, imported }: TrueLink): boolean {
    if (this.#mode === 'legacy') return form === 'alias' && this.#isAlone(alias);
    const isKnown = [...this.userOf(alias).identifiers].some((each) => this.#known.has(each));
    switch (form) {
      case 'explicit':
        return true;
      case 'merge':
        return imported && this.#mode === 'original';
      case 'alias':
        return this.#isAlone(alias);
      case 'device':
        return !isKnown;
      case 'identify':
        return isAnonymous(alias) && !isKnown;
    }
  }

  #isAlone(identifier: string): boolean {
    return this.userOf(identifier).identifiers.size === 1;
  }

  #isEarlier({ seen, canonical }: TrueUser, other: TrueUser): boolean {
    if (seen.batch !== other.seen.batch) return seen.batch < other.seen.batch;
    // Among those of the batch at hand position decides; later it is not known any more, and text does.
    const isAtHand = seen.batch === this.#batches - 1;
    return isAtHand ? seen.place < other.seen.place : canonical < other.canonical;
  }
}

const isAnonymous = (identifier: string): boolean =>
  identifier.startsWith('$device:') || /^[0-9a-f-]{14}4[0-9a-f-]{21}$/.test(identifier);
