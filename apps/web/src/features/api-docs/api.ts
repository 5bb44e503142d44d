'use client';

import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { describeApi, type ApiDescription } from './model.ts';
import type { ApiRequest } from './request.ts';

/** The document changes only with the server. */
export function useApiDescription(): UseQueryResult<ApiDescription> {
  return useQuery({
    queryKey: ['openapi'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const answer = await fetch('/api/v1/openapi.json', { signal });
      if (!answer.ok) throw new Error(`The description of the API answers ${answer.status}`);
      return describeApi(await answer.json());
    },
  });
}

export type Attempt = {
  readonly state: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly status: number | null;
  readonly tookMs: number | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
  /** More came than is shown. */
  readonly cut: boolean;
};

const idle: Attempt = {
  state: 'idle',
  status: null,
  tookMs: null,
  headers: [],
  text: '',
  cut: false,
};

/** More than anybody reads on a page; the answer itself is read to its end. */
const shownMax = 200_000;

export type Trial = {
  readonly attempt: Attempt;
  readonly send: (request: ApiRequest) => void;
  readonly cancel: () => void;
};

/** Sends a request as who is signed in, and shows the answer while it comes. */
export function useTrial(): Trial {
  const [attempt, setAttempt] = useState<Attempt>(idle);
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);
  const send = useCallback((request: ApiRequest): void => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    const started = performance.now();
    const change = (next: Partial<Attempt>): void => {
      if (running.current !== own) return;
      setAttempt((before) => ({ ...before, ...next, tookMs: performance.now() - started }));
    };
    setAttempt({ ...idle, state: 'running' });
    follow(request, own.signal, change).then(
      () => change({ state: 'done' }),
      (error: unknown) =>
        change(
          own.signal.aborted ? { state: 'cancelled' } : { state: 'failed', text: String(error) },
        ),
    );
  }, []);
  return { attempt, send, cancel };
}

async function follow(
  { method, path, headers, body }: ApiRequest,
  signal: AbortSignal,
  change: (next: Partial<Attempt>) => void,
): Promise<void> {
  const answer = await fetch(path, { method, headers, body, signal });
  change({ status: answer.status, headers: [...answer.headers] });
  if (answer.body === null) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    if (text.length < shownMax) text += value;
    change({ text: text.slice(0, shownMax), cut: text.length > shownMax });
  }
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
  if (isJson && text.length < shownMax) change({ text: JSON.stringify(JSON.parse(text), null, 2) });
}
