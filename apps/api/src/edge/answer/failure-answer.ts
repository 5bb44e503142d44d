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

/** The same, but that clients of browsers and apps are told in other words that they may not send. */
export function clientFailureAnswer(failure: Failure): Answer {
  const { status, error } = failure;
  const isForbidden = status === 401 || status === 403;
  return isForbidden ? jsonAnswer(status, { error, status: 'error' }) : failureAnswer(failure);
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
