import { EngineError } from '../../base/errors.ts';

/** The query cannot be answered as written. `message` goes to the user: it says what to change. */
export function invalidQuery(message: string, options?: ErrorOptions): EngineError {
  return new EngineError('INVALID_QUERY', message, options);
}
