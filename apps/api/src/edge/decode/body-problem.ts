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
export const bodyTooLarge = (bytesMax: number): BodyProblem =>
  new BodyProblem('too_large', `request exceeds max limit of ${bytesMax} bytes`);
export const tooManyRecords = (recordsMax: number): BodyProblem =>
  new BodyProblem('too_large', `request exceeds max limit of ${recordsMax} records`);
