'use client';

import { UserPlus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { dayText } from '#format/instant.ts';
import { FailureState } from '#report/report-states.tsx';
import { rolesToGive } from '../model.ts';
import {
  useChangeMember,
  useMembers,
  useOrganization,
  useRemoveMember,
  useWithdraw,
  type Invitation,
  type Member,
  type Organization,
} from '../organization-api.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { RoleSelect, RoleTable } from './role-select.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Who belongs to the organisation of the project, and as what. */
export function Members({ ownId }: { readonly ownId: string | null }): ReactNode {
  const { data, failure, retry } = useOrganization();
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  if (data === undefined) return <Skeleton className="h-80" />;
  if (data === null) return null;
  return (
    <>
      <MemberList organization={data} ownId={ownId} />
      <SettingsSection
        title="Roles"
        about="Each may also do what those below it may."
        testId="roles"
      >
        <RoleTable />
      </SettingsSection>
    </>
  );
}

function MemberList({
  organization,
  ownId,
}: {
  readonly organization: Organization;
  readonly ownId: string | null;
}): ReactNode {
  const { data, failure, retry } = useMembers(organization.id);
  const [inviting, setInviting] = useState(false);
  const withdraw = useWithdraw(organization.id);
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  if (data === undefined) return <Skeleton className="h-40" />;
  return (
    <>
      <SettingsSection
        title="Members"
        about={`They see every project of ${organization.name}.`}
        testId="members"
      >
        <ul className="grid gap-2">
          {data.members.map((member) => (
            <MemberLine
              key={member.id}
              organization={organization}
              member={member}
              isOwn={member.id === ownId}
            />
          ))}
        </ul>
        <div>
          <Button variant="primary" onClick={() => setInviting(true)} data-testid="invite">
            <UserPlus size={14} /> Invite
          </Button>
        </div>
      </SettingsSection>
      {data.invitations.length === 0 ? null : (
        <SettingsSection
          title="Invitations"
          about="Links that nobody has used yet."
          testId="invitations"
          error={withdraw.error?.message ?? null}
        >
          <ul className="grid gap-2">
            {data.invitations.map((invitation) => (
              <InvitationLine
                key={invitation.id}
                invitation={invitation}
                pending={withdraw.isPending}
                onWithdraw={() => withdraw.mutate(invitation.id)}
              />
            ))}
          </ul>
        </SettingsSection>
      )}
      {inviting ? (
        <InviteDialog organization={organization} onClose={() => setInviting(false)} />
      ) : null}
    </>
  );
}

function MemberLine({
  organization,
  member,
  isOwn,
}: {
  readonly organization: Organization;
  readonly member: Member;
  readonly isOwn: boolean;
}): ReactNode {
  const change = useChangeMember(organization.id);
  const remove = useRemoveMember(organization.id);
  const [removing, setRemoving] = useState(false);
  const isBelow = rolesToGive(organization.role).includes(member.role);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1" data-testid="member-line">
      <span className="grid min-w-40 flex-1">
        <span className="font-medium truncate-line">
          {member.name}
          {isOwn ? <span className="text-ink-3"> (you)</span> : null}
        </span>
        <span className="text-xs text-ink-2 truncate-line">{member.email}</span>
      </span>
      {isBelow && !isOwn ? (
        <>
          <RoleSelect
            label={`Role of ${member.name}`}
            testId="member-role"
            own={organization.role}
            value={change.isPending ? change.variables.role : member.role}
            onChange={(role) => change.mutate({ id: member.id, role })}
          />
          <Button size="sm" onClick={() => setRemoving(true)}>
            Remove
          </Button>
        </>
      ) : (
        <span className="text-ink-2">{member.role}</span>
      )}
      {change.error === null ? null : (
        <p role="alert" className="w-full text-danger">
          {change.error.message}
        </p>
      )}
      {removing ? (
        <ConfirmDialog
          danger
          title={`Remove ${member.name}`}
          confirm="Remove"
          pending={remove.isPending}
          error={remove.error?.message ?? null}
          onClose={() => setRemoving(false)}
          onConfirm={() => remove.mutate(member.id, { onSuccess: () => setRemoving(false) })}
        >
          <p>
            {member.email} sees nothing of {organization.name} any more, at once. What he saved
            stays. To come back he needs another invitation.
          </p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}

function InvitationLine({
  invitation,
  pending,
  onWithdraw,
}: {
  readonly invitation: Invitation;
  readonly pending: boolean;
  readonly onWithdraw: () => void;
}): ReactNode {
  const { timezone } = useProject();
  const { role, email, createdBy, expiresAt } = invitation;
  return (
    <li className="flex flex-wrap items-center gap-3" data-testid="invitation-line">
      <span className="grid min-w-40 flex-1">
        <span className="font-medium truncate-line">{email ?? 'Whoever has the link'}</span>
        <span className="text-xs text-ink-2">
          as {role}, by {createdBy}, good until {dayText(expiresAt.getTime(), timezone)}
        </span>
      </span>
      <Button size="sm" disabled={pending} onClick={onWithdraw}>
        Withdraw
      </Button>
    </li>
  );
}
