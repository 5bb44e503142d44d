'use client';

import { createParser, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import type { ReportType } from '@arbor/schema/saved-reports';
import type { z } from 'zod';
import { viewOfType } from './report-types.ts';
import { useOpenedReport } from './saving.tsx';
import { useRecordedState } from './undo.tsx';

export type UrlState<S> = readonly [state: S, set: (change: Partial<S>) => void];

/** Text of the parameter `q`, and back; null for a text that is no state of this view. */
export function encodeState(state: unknown): string {
  return JSON.stringify(state);
}

/** The address of a report that asks what the state says. */
export function reportAddress(projectId: number, type: ReportType, state: object): string {
  return `/p/${projectId}/${viewOfType[type]}?q=${encodeURIComponent(encodeState(state))}`;
}

export function decodeState<S>(schema: z.ZodType<S>, text: string): S | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * The whole state of a report, in the URL (UX-P2): what is not there is the default, a link that this
 * version cannot read gives the default. Each change is a step of the browser's history. On the page of a saved
 * report the default is what was saved.
 */
export function useUrlState<S extends object>(schema: z.ZodType<S>, initial: S): UrlState<S> {
  const parser = useMemo(
    () =>
      createParser<S>({
        parse: (text) => decodeState(schema, text),
        serialize: encodeState,
        eq: (a, b) => encodeState(a) === encodeState(b),
      }).withOptions({ history: 'push', clearOnDefault: true }),
    [schema],
  );
  const view = useOpenedReport()?.view;
  const start = useMemo(
    () => (view === undefined ? initial : (schema.safeParse(view).data ?? initial)),
    [view, schema, initial],
  );
  const [state, setState] = useQueryState(
    'q',
    useMemo(() => parser.withDefault(start), [parser, start]),
  );
  const set = useMemo(
    () => (change: Partial<S>) => {
      void setState((before) => ({ ...before, ...change }));
    },
    [setState],
  );
  useRecordedState(state, (next) => void setState(next));
  return [state, set];
}
