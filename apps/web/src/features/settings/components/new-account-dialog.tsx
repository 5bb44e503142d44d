'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { Select } from '#components/select.tsx';
import { TextField } from '#components/text-field.tsx';
import { roleInfo } from '../model.ts';
import { useCreateAccount, type Organization } from '../organization-api.ts';
import { OnceShown } from './once-shown.tsx';
import { RoleSelect } from './role-select.tsx';

const dayMs = 86_400_000;
const ends = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const;
type End = (typeof ends)[number]['value'];

/** Name, role, reach and end of a service account; its secret is shown once, then. */
export function NewAccountDialog({
  organization,
  onClose,
}: {
  readonly organization: Organization;
  readonly onClose: () => void;
}): ReactNode {
  const project = useProject();
  const [username, setUsername] = useState('');
  const [role, setRole] = useState<Organization['role']>('analyst');
  const [reach, setReach] = useState<'all' | 'one'>('one');
  const [end, setEnd] = useState<End>('never');
  const create = useCreateAccount(organization.id);
  if (create.data !== undefined) {
    return (
      <OnceShown
        title={`Secret of ${create.data.serviceAccount.username}`}
        what="Scripts sign in with the name and this, as HTTP Basic."
        text={create.data.secret}
        onClose={onClose}
      />
    );
  }
  const save = (): void => {
    const expiresAt =
      end === 'never' ? null : new Date(Date.now() + Number(end) * dayMs).toISOString();
    const projects = reach === 'all' ? null : [{ id: project.id, role }];
    create.mutate({ username: username.trim(), role, expiresAt, projects });
  };
  return (
    <ConfirmDialog
      title="New service account"
      confirm="Make it"
      testId="account-confirm"
      ready={username.trim() !== ''}
      pending={create.isPending}
      error={create.error?.message ?? null}
      onClose={onClose}
      onConfirm={save}
    >
      <TextField
        label="Name"
        value={username}
        maxLength={100}
        autoComplete="off"
        data-testid="account-name"
        onChange={(event) => setUsername(event.target.value)}
      />
      <Labelled label="Role" hint={roleInfo[role]}>
        <RoleSelect
          label="Role"
          testId="account-role"
          own={organization.role}
          value={role}
          onChange={setRole}
        />
      </Labelled>
      <Labelled label="Opens">
        <Select
          label="Opens"
          testId="account-reach"
          value={reach}
          options={[
            { value: 'one', label: `Only ${project.name}` },
            { value: 'all', label: `All projects of ${organization.name}` },
          ]}
          onChange={setReach}
        />
      </Labelled>
      <Labelled label="Ends">
        <Select label="Ends" testId="account-end" value={end} options={ends} onChange={setEnd} />
      </Labelled>
    </ConfirmDialog>
  );
}

function Labelled({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="grid gap-1">
      <span className="font-medium" aria-hidden>
        {label}
      </span>
      {children}
      {hint === undefined ? null : <p className="text-xs text-ink-3">{hint}</p>}
    </div>
  );
}
