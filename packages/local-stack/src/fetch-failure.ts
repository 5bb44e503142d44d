/** Why a fetch failed, in words: fetch itself hides "connection refused" behind "fetch failed". */
export function fetchFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  // One error an address that "localhost" stands for; they fail alike.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error ? first.message : error.message;
}
