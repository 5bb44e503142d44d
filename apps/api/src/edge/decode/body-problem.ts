/**
 * Why a whole request cannot be read. A value, not an exception: broken bodies are ordinary input.
 * `too_large` is answered 413, the others as the endpoint answers invalid data.
 */
export class BodyProblem {
  readonly code: 'empty' | 'invalid' | 'too_large';
  readonly message: string;

  constructor(code: BodyProblem['code'], message: string) {
    this.code = code;
    this.message = message;
  }
}

/** The words of `ingestion-api.md` 2.3 and 1.4; clients log them, some look for them. */
export const emptyBody = (): BodyProblem => new BodyProblem('empty', 'data, missing or empty');

/** What Arbor unpacks, and what is not packed: everything else of `Content-Encoding` cannot be read. */
const knownPackings: ReadonlySet<string> = new Set(['', 'identity', 'gzip', 'x-gzip']);

/**
 * Of a body in which nothing was found, where its header says why; null = it does not. Only then is the header looked at: proxies
 * unpack and leave it.
 */
export function unknownPacking(contentEncoding = ''): BodyProblem | null {
  if (knownPackings.has(contentEncoding.trim().toLowerCase())) return null;
  const named = contentEncoding.slice(0, 50);
  return new BodyProblem(
    'invalid',
    `content-encoding "${named}" is not supported: send gzip, or the body as it is`,
  );
}

export const bodyTooLarge = (bytesMax: number): BodyProblem =>
  new BodyProblem('too_large', `request exceeds max limit of ${bytesMax} bytes`);
export const tooManyRecords = (recordsMax: number): BodyProblem =>
  new BodyProblem('too_large', `request exceeds max limit of ${recordsMax} records`);
