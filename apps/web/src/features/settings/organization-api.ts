'use client';

import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import { useProject } from '#api/project-context.tsx';
import { useTRPC, useTRPCClient, type Api, type ApiOutputs } from '#api/trpc.ts';
import { loaded, type Loaded } from './api.ts';

export type Organization = ApiOutputs['organizations']['list']['organizations'][number];
export type MemberList = ApiOutputs['members']['list'];
export type Member = MemberList['members'][number];
export type Invitation = MemberList['invitations'][number];
export type NewInvitation = Parameters<Api['members']['invite']['mutate']>[0]['invitation'];
export type Invited = ApiOutputs['members']['invite'];
export type ServiceAccount = ApiOutputs['serviceAccounts']['list']['serviceAccounts'][number];
export type NewServiceAccount = Parameters<
  Api['serviceAccounts']['create']['mutate']
>[0]['account'];
export type SecretOfAccount = ApiOutputs['serviceAccounts']['create'];

/** More than anybody looks through here; the API gives all, page by page. */
const accountsMax = 1000;

/** The organisation of the project on the screen; undefined while it is not known, or is not one's own. */
export function useOrganization(): Loaded<Organization | null> {
  const trpc = useTRPC();
  const { organization } = useProject();
  const { data, error, refetch } = useQuery(trpc.organizations.list.queryOptions());
  const own = data?.organizations.find(({ name }) => name === organization);
  return loaded({ data: data === undefined ? undefined : (own ?? null), error, refetch });
}

export function useMembers(organizationId: number): Loaded<MemberList> {
  const trpc = useTRPC();
  return loaded(useQuery(trpc.members.list.queryOptions({ organizationId })));
}

/** A change of the members, after which they are asked for anew. */
function useMemberChange<V, A>(
  change: (api: Api, value: V) => Promise<A>,
): UseMutationResult<A, Error, V> {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (value: V) => change(api, value),
    onSettled: () => client.invalidateQueries(trpc.members.pathFilter()),
  });
}

export function useChangeMember(
  organizationId: number,
): UseMutationResult<Member, Error, Pick<Member, 'id' | 'role'>> {
  return useMemberChange((api, member) => api.members.change.mutate({ organizationId, ...member }));
}

export function useRemoveMember(organizationId: number): UseMutationResult<unknown, Error, string> {
  return useMemberChange((api, id) => api.members.remove.mutate({ organizationId, id }));
}

export function useInvite(
  organizationId: number,
): UseMutationResult<Invited, Error, NewInvitation> {
  return useMemberChange((api, invitation) =>
    api.members.invite.mutate({ organizationId, invitation }),
  );
}

export function useWithdraw(organizationId: number): UseMutationResult<unknown, Error, number> {
  return useMemberChange((api, id) => api.members.withdraw.mutate({ organizationId, id }));
}

export function useServiceAccounts(organizationId: number): Loaded<readonly ServiceAccount[]> {
  const trpc = useTRPC();
  const page = { limit: accountsMax };
  const options = trpc.serviceAccounts.list.queryOptions({ organizationId, page });
  const { data, error, refetch } = useQuery(options);
  return loaded({ data: data?.serviceAccounts, error, refetch });
}

function useAccountChange<V, A>(
  change: (api: Api, value: V) => Promise<A>,
): UseMutationResult<A, Error, V> {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (value: V) => change(api, value),
    onSettled: () => client.invalidateQueries(trpc.serviceAccounts.pathFilter()),
  });
}

export function useCreateAccount(
  organizationId: number,
): UseMutationResult<SecretOfAccount, Error, NewServiceAccount> {
  return useAccountChange((api, account) =>
    api.serviceAccounts.create.mutate({ organizationId, account }),
  );
}

export function useRotateAccount(
  organizationId: number,
): UseMutationResult<SecretOfAccount, Error, number> {
  return useAccountChange((api, id) => api.serviceAccounts.rotate.mutate({ organizationId, id }));
}

export function useRemoveAccount(
  organizationId: number,
): UseMutationResult<unknown, Error, number> {
  return useAccountChange((api, id) => api.serviceAccounts.remove.mutate({ organizationId, id }));
}

/** A new secret for the project; the old one is no longer good. */
export function useRotateSecret(): UseMutationResult<{ readonly secret: string }, Error, void> {
  const api = useTRPCClient();
  const { id: projectId } = useProject();
  return useMutation({ mutationFn: () => api.project.rotateSecret.mutate({ projectId }) });
}
