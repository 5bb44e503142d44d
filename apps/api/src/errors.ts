/**
 * Every error a caller of the API may meet: HTTP status, whether the same request may succeed later,
 * and what to do next. Codes are part of the contract: they are never renamed.
 */
export const apiErrors = {
  INVALID_REQUEST: {
    status: 400,
    retryable: false,
    help: 'correct what the message names and send the request again',
  },
  INVALID_QUERY: {
    status: 400,
    retryable: false,
    help: 'correct what the message names and ask again',
  },
  TOO_LARGE: {
    status: 413,
    retryable: false,
    help: 'send less in one request, in several parts where there is more',
  },
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    help: 'sign in, or send a service account (with project_id) or the project secret by HTTP Basic',
  },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    help: 'ask an owner or admin of the organization for a role that allows it',
  },
  NOT_FOUND: {
    status: 404,
    retryable: false,
    help: 'check the id; a project you are not a member of answers like one that does not exist',
  },
  CONFLICT: {
    status: 409,
    retryable: false,
    help: 'reload what you were changing and try again',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    retryable: true,
    help: 'the first request with this Idempotency-Key is still being worked on: wait for the time in Retry-After and send the same again',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    retryable: false,
    help: 'an Idempotency-Key stands for one request: take a new one for another',
  },
  RATE_LIMITED: {
    status: 429,
    retryable: true,
    help: 'these credentials have used up their requests: wait for the time in Retry-After, and see RateLimit-Remaining of each answer',
  },
  TOO_MANY_AT_ONCE: {
    status: 429,
    retryable: true,
    help: 'wait for answers before asking for more: Concurrency-Limit says how many requests may be under way with the same credentials',
  },
  OVERLOADED: {
    status: 429,
    retryable: true,
    help: 'wait for the time in Retry-After and ask again',
  },
  CANCELLED: {
    status: 499,
    retryable: true,
    help: 'the caller went away before the answer was ready',
  },
  INTERNAL: {
    status: 500,
    retryable: true,
    help: "the server's log has the details; if it happens again, report it with the time of the request",
  },
  UNAVAILABLE: {
    status: 503,
    retryable: true,
    help: 'see /readyz for the part that is missing; ask again when it is back',
  },
  TIMEOUT: {
    status: 504,
    retryable: true,
    help: 'ask for a shorter range or fewer segments, or ask again when the system is less busy',
  },
} as const;

export type ApiErrorCode = keyof typeof apiErrors;

/** What an error looks like on the wire, in REST bodies and in the data of a tRPC error. */
export interface ApiErrorBody {
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly help: string;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly retryAfterSeconds: number | undefined;

  /** `message` is shown to the caller: lower-case, exact, with the offending value. */
  constructor(
    code: ApiErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return apiErrors[this.code].status;
  }

  body(): ApiErrorBody {
    return { code: this.code, message: this.message, help: apiErrors[this.code].help };
  }
}

/** An error of ours as it is; anything else as INTERNAL, whose text gives nothing away. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isUnstorableText(error)) {
    const why = 'a text has U+0000 or half of a surrogate pair, which cannot be stored';
    return new ApiError('INVALID_REQUEST', why, { cause: error });
  }
  return new ApiError('INTERNAL', 'something went wrong inside the server', { cause: error });
}

/**
 * What PostgreSQL says of texts that it cannot hold: U+0000 in columns of text (22021) and of JSON (22P05), half of a surrogate pair
 * in those of JSON, whose syntax is never wrong in another way, as we print it. Nobody is called that and nothing has that name, so
 * looking for it is as wrong as storing it. Known by its words: this module is read by the dashboard's types too, which must not
 * have to compile the database client.
 */
const unstorable = /Code: `(?:22021|22P05)`|invalid input syntax for type json/;

function isUnstorableText(error: unknown): boolean {
  return error instanceof Error && unstorable.test(error.message);
}
