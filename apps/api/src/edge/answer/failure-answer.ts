import { STATUS_CODES } from 'node:http';
import { type Answer, jsonAnswer } from './answer.ts';

export interface Failure {
  readonly status: number;
  /** In words, for the developer of the client. */
  readonly error: string;
  /** With 429 and 503. */
  readonly retryAfterSeconds?: number;
}

/** The error bodies that all endpoints but `/e` share (`ingestion-api.md` 1.4). */
export function failureAnswer(failure: Failure): Answer {
  return jsonAnswer(failure.status, failureBody(failure), retryHeaders(failure.retryAfterSeconds));
}

export const failureBody = ({ status, error }: Pick<Failure, 'status' | 'error'>): object => ({
  code: status,
  error,
  status: statusText(status),
});

export function retryHeaders(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

/** Clients were written against these names; Node calls 413 "Payload Too Large". */
function statusText(status: number): string {
  return status === 413 ? 'Request Entity Too Large' : (STATUS_CODES[status] ?? 'Error');
}
