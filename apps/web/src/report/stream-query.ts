import type { QueryInput } from '@arbor/schema/query';
import type { QueryAnswer } from '@arbor/schema/result';
import { connection } from '#api/connection.ts';
import { isApiError, isConnectionError, type Api } from '#api/trpc.ts';

export type QueryProgressState = { readonly done: number; readonly total: number };

export type StreamHandlers = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: QueryProgressState) => void;
  readonly onPartial: (answer: QueryAnswer) => void;
};

/**
 * Runs a query and tells its progress and partial results. Aborting the signal closes the stream,
 * which cancels the query on the server. Where a proxy on the way does not let streams through, the
 * same query is asked once more in the plain way.
 */
export function streamQuery(
  api: Api,
  input: { readonly projectId: number; readonly query: QueryInput },
  { signal, onProgress, onPartial }: StreamHandlers,
): Promise<QueryAnswer> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const subscription = api.query.stream.subscribe(input, {
      onData: (update) => {
        switch (update.type) {
          case 'progress':
            onProgress(update);
            break;
          case 'partial':
            onPartial(update.answer);
            break;
          case 'result':
            settled = true;
            resolve(update.answer);
            subscription.unsubscribe();
            break;
        }
      },
      onConnectionStateChange: ({ state, error }) => {
        if (state === 'connecting' && isConnectionError(error)) connection.lost();
        if (state === 'pending') connection.restored();
      },
      onError: (error) => {
        if (settled || signal.aborted) return;
        settled = true;
        // An error with data was sent by the API itself and is final.
        if (!isConnectionError(error)) reject(error);
        else resolve(api.query.run.query(input, { signal }));
      },
      onComplete: () => {
        if (settled) return;
        settled = true;
        reject(new Error('the stream ended before the result came'));
      },
    });
    signal.addEventListener('abort', () => {
      settled = true;
      subscription.unsubscribe();
      reject(signal.reason as Error);
    });
  });
}

/** The code of a failure that came from the way to the API and not from the API. */
export const unreachable = 'UNREACHABLE';

export type Failure = {
  /** To search for, and to tell an administrator. */
  readonly code: string;
  /** The server's words. */
  readonly text: string;
  /** What to do next. */
  readonly help: string;
};

export function describeFailure(error: unknown): Failure {
  if (!isApiError(error)) {
    const text = error instanceof Error ? error.message : String(error);
    return { code: 'INTERNAL', text, help: 'try again' };
  }
  const body = error.data?.arbor;
  if (body !== undefined) return { code: body.code, text: body.message, help: body.help };
  return {
    code: error.data?.code ?? unreachable,
    text: error.message,
    help: 'try again when the connection is back',
  };
}
