'use client';

import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { z } from 'zod';
import { useTRPC } from '#api/trpc.ts';
import { eventLabel } from '#format/property-name.ts';
import { useEventNames } from '#report/names.ts';
import { typeLabels, viewOfType } from '#report/report-types.ts';
import { encodeState } from '#report/url-state.ts';
import { userPath } from '#report/user-link.tsx';
import { matching, withRecent, type PaletteEntry } from './palette-entries.ts';

/** What was there a minute ago is there at once. */
const staleMs = 60_000;
const usersMax = 6;
/** Of a shorter text too many users have a part. */
const userTextMin = 2;

export type PaletteResults = {
  readonly reports: readonly PaletteEntry[];
  readonly users: readonly PaletteEntry[];
  readonly events: readonly PaletteEntry[];
};

/** What is called like the text: saved reports, boards, cohorts; events; users by any of their names (UX-S4). */
export function usePaletteResults(projectId: number, text: string): PaletteResults {
  const saved = useSaved(projectId);
  const events = useEvents(projectId);
  return {
    reports: useMemo(() => matching(saved, text), [saved, text]),
    events: useMemo(() => matching(events, text), [events, text]),
    users: useUsers(projectId, text),
  };
}

function useSaved(projectId: number): readonly PaletteEntry[] {
  const trpc = useTRPC();
  const page = { limit: 1000 };
  const options = { staleTime: staleMs };
  const reports = useQuery(trpc.savedReports.list.queryOptions({ projectId, page }, options));
  const boards = useQuery(trpc.boards.list.queryOptions({ projectId, page }, options));
  const cohorts = useQuery(trpc.cohorts.list.queryOptions({ projectId, archived: false }, options));
  return useMemo(() => {
    const base = `/p/${projectId}`;
    return [
      ...(boards.data?.boards ?? []).map(({ id, title }) => ({
        key: `board ${id}`,
        label: title,
        detail: 'Board',
        href: `${base}/boards/${id}`,
      })),
      ...(reports.data?.reports ?? []).map(({ id, name, type }) => ({
        key: `report ${id}`,
        label: name,
        detail: typeLabels[type],
        href: `${base}/${viewOfType[type]}/${id}`,
      })),
      ...(cohorts.data ?? []).map(({ id, name }) => ({
        key: `cohort ${id}`,
        label: name,
        detail: 'Cohort',
        href: `${base}/cohorts/${id}`,
      })),
    ];
  }, [projectId, boards.data, reports.data, cohorts.data]);
}

/** An event leads to how often it happened. */
function useEvents(projectId: number): readonly PaletteEntry[] {
  const { names } = useEventNames();
  return useMemo(
    () =>
      (names ?? []).map(({ name }) => ({
        key: `event ${name}`,
        label: eventLabel(name),
        detail: 'Event',
        href: `/p/${projectId}/insights?q=${encodeURIComponent(insightsOf(name))}`,
      })),
    [names, projectId],
  );
}

function insightsOf(event: string): string {
  return encodeState({
    range: { preset: '30d' },
    unit: null,
    metrics: [{ event, filters: [], measure: { type: 'total' } }],
    filters: [],
    breakdown: null,
    chart: 'line',
  });
}

function useUsers(projectId: number, text: string): readonly PaletteEntry[] {
  const trpc = useTRPC();
  const search = useDeferredValue(text).trim();
  const isAsked = search.length >= userTextMin;
  const users = {
    who: 'all' as const,
    search,
    columns: [{ type: 'property' as const, name: '$email' }],
    limit: usersMax,
  };
  const { data } = useQuery(
    trpc.users.list.queryOptions(isAsked ? { projectId, users } : skipToken, {
      staleTime: staleMs,
      placeholderData: keepPreviousData,
    }),
  );
  if (!isAsked || data === undefined) return [];
  return data.users.map(({ user, displayName, values: [email] }) => ({
    key: `user ${user}`,
    label: displayName,
    detail: typeof email === 'string' && email !== displayName ? `User ${email}` : 'User',
    href: userPath(projectId, user),
  }));
}

const recentSchema = z.array(
  z.object({ key: z.string(), label: z.string(), detail: z.string(), href: z.string() }),
);

/** What was taken last in this project, kept in this browser. */
export function useRecent(
  projectId: number,
): readonly [recent: readonly PaletteEntry[], take: (entry: PaletteEntry) => void] {
  const place = `arbor-palette-${projectId}`;
  const [recent, setRecent] = useState(() => readRecent(place));
  return [
    recent,
    (entry) => {
      const next = withRecent(recent, entry);
      setRecent(next);
      try {
        localStorage.setItem(place, JSON.stringify(next));
      } catch {
        // Without a place to keep it, it lasts as long as the page.
      }
    },
  ];
}

function readRecent(place: string): readonly PaletteEntry[] {
  try {
    return recentSchema.safeParse(JSON.parse(localStorage.getItem(place) ?? '[]')).data ?? [];
  } catch {
    return [];
  }
}
