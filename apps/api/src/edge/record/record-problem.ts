export type ProblemCode =
  'missing' | 'invalid' | 'future' | 'too_old' | 'too_large' | 'not_supported';

/**
 * Why one record is refused, in words for the developer who sent it. A value, not an exception:
 * judges return it in the place of a record.
 */
export class RecordProblem {
  readonly code: ProblemCode;
  /** Path of the field as it was sent: `event`, `properties.time`, `$add.logins`; "" = the record. */
  readonly field: string;
  readonly message: string;

  constructor(code: ProblemCode, field: string, message: string) {
    this.code = code;
    this.field = field;
    this.message = message;
  }
}

/** The form clients group by and some search for: `'properties.time' is invalid: …` (3.2). */
export function invalid(
  field: string,
  reason: string,
  code: ProblemCode = 'invalid',
): RecordProblem {
  return new RecordProblem(code, field, `'${field}' is invalid: ${reason}`);
}

export function missing(field: string): RecordProblem {
  return invalid(field, 'must not be missing', 'missing');
}

/** A good record that is not stored: the client asked for that, or the project takes none so old. */
export const ignored = 'ignored';
export type Ignored = typeof ignored;
