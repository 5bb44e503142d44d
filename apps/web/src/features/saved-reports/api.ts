'use client';

import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import type { BoardSummary } from '@arbor/schema/boards';
import type { SavedReport } from '@arbor/schema/saved-reports';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient, type Api } from '#api/trpc.ts';
import { newCardId, newReportCard } from '#report/report-types.ts';
import { describeFailure, type Failure } from '#report/stream-query.ts';

type NewReport = Parameters<Api['savedReports']['create']['mutate']>[0]['report'];
type Change = Parameters<Api['savedReports']['change']['mutate']>[0]['change'];

export function useSavedReport(id: number): {
  readonly report: SavedReport | undefined;
  readonly failure: Failure | null;
  readonly reload: () => void;
} {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const query = useQuery(trpc.savedReports.get.queryOptions({ projectId, id }));
  return {
    report: query.data,
    failure: query.data === undefined && query.error !== null ? describeFailure(query.error) : null,
    reload: () => void query.refetch(),
  };
}

/** Boards that a report can be put on, newest first. */
export function useBoardChoices(enabled: boolean): readonly BoardSummary[] {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const options = trpc.boards.list.queryOptions({ projectId, page: { limit: 1000 } }, { enabled });
  return useQuery(options).data?.boards ?? [];
}

/** What is known of a saved report and of lists after a change of one. */
function useRemember(): (report: SavedReport) => void {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return (report) => {
    client.setQueryData(trpc.savedReports.get.queryKey({ projectId, id: report.id }), report);
    void client.invalidateQueries(trpc.savedReports.list.pathFilter());
  };
}

export function useCreateReport(): UseMutationResult<
  SavedReport,
  Error,
  { readonly report: NewReport; readonly board: number | null }
> {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const remember = useRemember();
  const addToBoard = useAddToBoard();
  return useMutation({
    mutationFn: async ({ report, board }) => {
      const made = await api.savedReports.create.mutate({ projectId, report });
      remember(made);
      if (board !== null) await addToBoard.mutateAsync({ report: made, board });
      return made;
    },
  });
}

export function useChangeReport(
  id: number,
): UseMutationResult<SavedReport, Error, Omit<Change, 'version'> & { readonly version: number }> {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  const remember = useRemember();
  return useMutation({
    mutationFn: (change: Change) => api.savedReports.change.mutate({ projectId, id, change }),
    onSuccess: remember,
  });
}

/** Puts a report at the end of a board, as the board is at that moment. */
export function useAddToBoard(): UseMutationResult<
  void,
  Error,
  { readonly report: Pick<SavedReport, 'id' | 'type'>; readonly board: number }
> {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: async ({ report, board }) => {
      const { version, cards } = await api.boards.get.query({ projectId, id: board });
      const change = { version, cards: [...cards, newReportCard(newCardId(), report)] };
      const after = await api.boards.change.mutate({ projectId, id: board, change });
      client.setQueryData(trpc.boards.get.queryKey({ projectId, id: board }), after);
      await client.invalidateQueries(trpc.boards.list.pathFilter());
    },
  });
}
