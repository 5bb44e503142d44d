'use client';

import { useState, type ReactNode } from 'react';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { TextField } from '#components/text-field.tsx';
import { roleInfo } from '../model.ts';
import { useInvite, type Organization } from '../organization-api.ts';
import { OnceShown } from './once-shown.tsx';
import { RoleSelect } from './role-select.tsx';

/** Makes a link that is good once; no mail server is needed. */
export function InviteDialog({
  organization,
  onClose,
}: {
  readonly organization: Organization;
  readonly onClose: () => void;
}): ReactNode {
  const [role, setRole] = useState<Organization['role']>('analyst');
  const [email, setEmail] = useState('');
  const invite = useInvite(organization.id);
  if (invite.data !== undefined) {
    return (
      <OnceShown
        title="Invitation"
        what="Whoever opens this link becomes a member. It is good once, for 7 days."
        text={`${window.location.origin}/join#token=${invite.data.token}`}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      title={`Invite to ${organization.name}`}
      confirm="Make a link"
      testId="invite-confirm"
      pending={invite.isPending}
      error={invite.error?.message ?? null}
      onClose={onClose}
      onConfirm={() => invite.mutate({ role, email: email.trim() === '' ? null : email.trim() })}
    >
      <div className="grid gap-1">
        <span className="font-medium" aria-hidden>
          Role
        </span>
        <RoleSelect
          label="Role"
          testId="invite-role"
          own={organization.role}
          value={role}
          onChange={setRole}
        />
        <p className="text-xs text-ink-3">{roleInfo[role]}</p>
      </div>
      <TextField
        label="E-mail"
        type="email"
        value={email}
        hint="If given, the link is good for this address only"
        data-testid="invite-email"
        onChange={(event) => setEmail(event.target.value)}
      />
    </ConfirmDialog>
  );
}
