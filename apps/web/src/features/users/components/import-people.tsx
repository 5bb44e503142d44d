'use client';

import { Upload } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { mayChangeUsers } from '#api/roles.ts';
import { Button } from '#components/button.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { Notice } from '#components/notice.tsx';
import { formatCount } from '#format/number.ts';
import type { PeopleImport } from '@arbor/schema/users-result';
import { useImportPeople } from '../bulk-api.ts';

/** Sets properties of many people from a file (reports.md 10). For admins. */
export function ImportPeople(): ReactNode {
  const { role } = useProject();
  const [open, setOpen] = useState(false);
  if (!mayChangeUsers(role)) return null;
  return (
    <>
      <Button size="sm" data-testid="people-import" onClick={() => setOpen(true)}>
        <Upload size={14} /> Import
      </Button>
      {open ? <ImportDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function ImportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [file, setFile] = useState<File | null>(null);
  const sending = useImportPeople();
  const { data: imported } = sending;
  return (
    <ConfirmDialog
      title="Import people"
      confirm={sending.isPending ? 'Reading' : imported === undefined ? 'Import' : 'Done'}
      ready={file !== null}
      pending={sending.isPending}
      error={sending.error?.message ?? null}
      onClose={onClose}
      onConfirm={() => {
        if (imported !== undefined) onClose();
        else if (file !== null) sending.mutate(file);
      }}
    >
      <p>
        A CSV file whose first line names the columns. <code>$distinct_id</code> says who it is,
        without it <code>$email</code>; every other column is a property, and an empty cell changes
        nothing. Who is not known yet is made.
      </p>
      {imported === undefined ? (
        <label className="grid gap-1 font-medium">
          File
          <input
            type="file"
            accept=".csv,text/csv"
            data-testid="people-file"
            className="rounded-md border border-line-strong/70 bg-surface p-2 text-sm font-normal file:mr-3 file:rounded-sm file:border-0 file:bg-sunken file:px-2 file:py-1 file:text-ink"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </label>
      ) : (
        <Outcome imported={imported} />
      )}
    </ConfirmDialog>
  );
}

function Outcome({ imported }: { readonly imported: PeopleImport }): ReactNode {
  const { rows, refused, problems } = imported;
  return (
    <div className="grid gap-3" data-testid="people-imported">
      <output>{formatCount(rows, 'profile')} taken; they are seen in a moment.</output>
      {refused === 0 ? null : (
        <>
          <Notice tone="warning">{formatCount(refused, 'row')} left out.</Notice>
          <ul className="max-h-40 overflow-y-auto rounded-md bg-sunken px-3 py-2 text-xs">
            {problems.map(({ line, reason }) => (
              <li key={line}>
                Line {line}: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
