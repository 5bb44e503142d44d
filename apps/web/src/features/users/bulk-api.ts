'use client';

import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { DataRequest } from '@arbor/schema/privacy';
import type { PeopleImport } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient } from '#api/trpc.ts';
import type { SavedCohort } from '#report/cohorts.ts';
import { failureText } from './api.ts';
import { membersFile, type Chosen } from './selection.ts';

/** Whom users join: a frozen cohort that is there, or a new one of that name. */
export type JoinedCohort = { readonly id: string } | { readonly name: string };

/** Puts users on the list of a frozen cohort. */
export function useJoinCohort(): UseMutationResult<
  SavedCohort,
  Error,
  { readonly chosen: Chosen; readonly cohort: JoinedCohort }
> {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: async ({ chosen, cohort }) => {
      const definition = { type: 'frozen' as const };
      const joined =
        'id' in cohort
          ? await api.cohorts.get.query({ projectId, id: cohort.id })
          : await api.cohorts.create.mutate({ projectId, new: { name: cohort.name, definition } });
      const url = `/api/v1/projects/${projectId}/cohorts/${joined.id}/members`;
      const headers = { 'content-type': 'text/csv' };
      await textOf(await fetch(url, { method: 'POST', headers, body: membersFile(chosen) }));
      return joined;
    },
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries(trpc.cohorts.pathFilter()),
        client.invalidateQueries({ queryKey: ['cohort-size', projectId] }),
      ]);
    },
  });
}

/** One request for the erasure of all of them. */
export function useEraseUsers(): UseMutationResult<DataRequest, Error, Chosen> {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  return useMutation({
    mutationFn: (chosen: Chosen) =>
      api.privacy.create.mutate({
        projectId,
        request: { kind: 'erasure', distinctIds: [...chosen] },
      }),
  });
}

/** Sends a file of people as it is; the server reads it row by row. */
export function useImportPeople(): UseMutationResult<PeopleImport, Error, File> {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { id } = useProject();
  return useMutation({
    mutationFn: async (file: File) => {
      const answer = await fetch(`/api/v1/projects/${id}/users/import?spreadsheet=true`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body: file,
      });
      const { imported } = JSON.parse(await textOf(answer)) as { readonly imported: PeopleImport };
      return imported;
    },
    onSuccess: () => client.invalidateQueries(trpc.users.pathFilter()),
  });
}

async function textOf(answer: Response): Promise<string> {
  if (!answer.ok) throw new Error(await failureText(answer));
  return answer.text();
}
