'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useState, type ReactNode } from 'react';
import type { ComplianceType } from '@arbor/schema/privacy';
import { Select } from '#components/select.tsx';
import { useNewRequest } from '../privacy-api.ts';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';

/** The parameter that holds the request, so that the page tells its state also after a reload. */
export function useErasureId(): readonly [string | null, (id: string | null) => void] {
  const [id, setId] = useQueryState('erasure', parseAsString.withOptions({ history: 'replace' }));
  return [id, (next) => void setId(next)];
}

const laws: readonly { readonly value: ComplianceType; readonly label: string }[] = [
  { value: 'GDPR', label: 'GDPR' },
  { value: 'CCPA', label: 'CCPA' },
];

/** Erasing cannot be undone: the word is typed first (UX-P9, UX-U7). */
export function EraseDialog({
  identifier,
  name,
  onClose,
}: {
  readonly identifier: string;
  readonly name: string;
  readonly onClose: () => void;
}): ReactNode {
  const [complianceType, setComplianceType] = useState<ComplianceType>('GDPR');
  const [, setErasure] = useErasureId();
  const create = useNewRequest();
  return (
    <ConfirmDialog
      title={`Erase ${name}`}
      confirm={create.isPending ? 'Asking' : 'Erase user'}
      danger
      typed="erase"
      pending={create.isPending}
      error={create.error?.message ?? null}
      onClose={onClose}
      onConfirm={() =>
        create.mutate(
          { kind: 'erasure', identifier, complianceType },
          {
            onSuccess: ({ id }) => {
              onClose();
              setErasure(id);
            },
          },
        )
      }
    >
      <p>
        All events, properties and identifiers of this user are removed for good, also from reports
        about the past. It can be cancelled for some seconds, not after.
      </p>
      <div className="flex items-center gap-2">
        <span className="font-medium" aria-hidden>
          Reason
        </span>
        <Select
          label="Reason"
          value={complianceType}
          options={laws}
          onChange={setComplianceType}
          className="w-32"
        />
      </div>
    </ConfirmDialog>
  );
}
