'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReportType } from '@arbor/schema/saved-reports';
import { useSearchParams } from 'next/navigation';
import { useEffect, useMemo, useRef } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useTRPC } from '#api/trpc.ts';
import { useKeptText } from '#components/kept-text.ts';
import { canonical } from './canonical.ts';
import { parseDrafts, withDraft, withoutDraft, type Draft } from './drafts.ts';
import { newCardId } from './report-types.ts';

export type Drafts = {
  /** False before it is known whose they are. */
  readonly ready: boolean;
  readonly drafts: readonly Draft[];
  readonly keep: (draft: Draft) => void;
  readonly forget: (id: string) => void;
};

/** The drafts of this user and project, which this browser keeps; none before it is known who asks. */
export function useDrafts(): Drafts {
  const { id: projectId } = useProject();
  const trpc = useTRPC();
  const me = useQuery(trpc.session.me.queryOptions(undefined, { staleTime: Infinity }));
  const user = me.data === undefined ? null : (me.data.user?.id ?? 'nobody');
  const key = user === null ? null : `arbor-drafts ${user} ${projectId}`;
  const [text, changeText] = useKeptText(key);
  const drafts = useMemo(() => parseDrafts(text), [text]);
  return useMemo(() => {
    const change = (next: (before: readonly Draft[]) => readonly Draft[]): void =>
      changeText((before) => JSON.stringify(next(parseDrafts(before))));
    return {
      ready: key !== null,
      drafts,
      keep: (draft) => change((before) => withDraft(before, draft)),
      forget: (id) => change((before) => withoutDraft(before, id)),
    };
  }, [key, drafts, changeText]);
}

/** Forgets the draft of a report that was just saved. */
export function useForgetDraft(): (view: object) => void {
  const { drafts, forget } = useDrafts();
  return (view) => {
    const text = canonical(view);
    for (const draft of drafts) if (canonical(draft.view) === text) forget(draft.id);
  };
}

export type KeptReport = {
  readonly type: ReportType;
  readonly name: string;
  readonly view: object;
};

/**
 * Keeps the report on the screen as a draft from its first change on (UX-R8); null = it is not one, or was saved. A link
 * that is only looked at leaves none.
 */
export function useKeptDraft({ ready, drafts, keep }: Drafts, report: KeptReport | null): void {
  const isNew = useSearchParams().get('q') === null;
  const text = report === null ? null : canonical(report.view);
  const current = useRef<{ id: string; seen: string } | null>(null);
  useEffect(() => {
    if (report === null || text === null || !ready) return;
    const before = current.current;
    if (before?.seen === text) return;
    // A draft that was opened goes on; without a question in the address another report has begun.
    const same = drafts.find(({ view }) => canonical(view) === text);
    const isOther = before === null || isNew || same !== undefined;
    const id = isOther ? (same?.id ?? newCardId()) : before.id;
    current.current = { id, seen: text };
    if (isOther) return;
    const { type, name } = report;
    keep({ id, type, name, view: { ...report.view }, changedMs: Date.now() });
  }, [report, text, isNew, ready, drafts, keep]);
}
