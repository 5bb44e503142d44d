'use client';

import type { ReactNode } from 'react';
import type { SessionProject } from '#api/trpc.ts';
import { Select } from '#components/select.tsx';
import { roleInfo, roleNames, rolesToGive } from '../model.ts';

type Role = SessionProject['role'];

/** A role out of those that `own` may give. */
export function RoleSelect({
  label,
  own,
  value,
  testId,
  onChange,
}: {
  readonly label: string;
  readonly own: Role;
  readonly value: Role;
  readonly testId: string;
  readonly onChange: (role: Role) => void;
}): ReactNode {
  return (
    <Select
      label={label}
      testId={testId}
      value={value}
      options={rolesToGive(own).map((role) => ({ value: role, label: role }))}
      onChange={onChange}
    />
  );
}

/** What each of the roles may do. */
export function RoleTable(): ReactNode {
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5" data-testid="role-table">
      {roleNames.map((role) => (
        <div key={role} className="contents">
          <dt className="font-medium">{role}</dt>
          <dd className="text-ink-2">{roleInfo[role]}</dd>
        </div>
      ))}
    </dl>
  );
}
