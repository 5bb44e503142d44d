/** A mistake of ours, never of the data or of the caller's user: the process may not trust itself any more. */
export class AssertionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssertionError';
  }
}

/** States what must hold. The text is built only when it does not, so a check costs one comparison. */
export function assert(condition: boolean, text: () => string): asserts condition {
  if (!condition) throw new AssertionError(text());
}

/** The value, where its absence would be our own mistake. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`${what} is missing`);
  return value;
}

/** Closes a `switch` over a union: a case that is not handled does not compile. */
export function unreachable(value: never): never {
  throw new AssertionError(`unexpected value ${JSON.stringify(value)}`);
}
