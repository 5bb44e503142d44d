'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { Button } from '#components/button.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { Sheet } from '#components/dialog.tsx';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { formatCount } from '#format/number.ts';
import { useSaveCohort } from './cohorts.ts';
import { useListedUsers, type NumberRef } from './listed-users.ts';
import { UserList } from './user-list.tsx';

export type UserListPanelProps = {
  /** What the number says, in words: the heading, and the name of a cohort that is made of it. */
  readonly title: string;
  readonly number: NumberRef;
  readonly onClose: () => void;
};

/** The users behind a number of a report, beside the report (UX-DD1). */
export function UserListPanel({ title, number, onClose }: UserListPanelProps): ReactNode {
  const list = useListedUsers(number);
  const { role } = useProject();
  const [saving, setSaving] = useState(false);
  return (
    <Sheet
      side="right"
      open
      modal={false}
      title={title}
      testId="panel"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <div className="flex h-full min-h-0 flex-col">
        <div className="flex min-h-11 items-center gap-2 border-b border-line px-4 py-1.5">
          <output className="flex-1 font-semibold tabular" data-testid="user-list-count">
            {list.total === null ? '' : formatCount(list.total, 'user')}
          </output>
          {maySave(role) && list.total !== null ? (
            <Button size="sm" data-testid="save-cohort" onClick={() => setSaving(true)}>
              Save as cohort
            </Button>
          ) : null}
        </div>
        <div className="min-h-0 flex-1">
          <UserList list={list} label={title} fill />
        </div>
      </div>
      {saving ? (
        <SaveNumberDialog title={title} number={number} onClose={() => setSaving(false)} />
      ) : null}
    </Sheet>
  );
}

const nameMax = 255;

/** Everybody behind the number whenever it is asked: the cohort keeps the question, not the list (`reports.md` 9.1, 6). */
function SaveNumberDialog({ title, number, onClose }: UserListPanelProps): ReactNode {
  const [name, setName] = useState(title.slice(0, nameMax));
  const save = useSaveCohort();
  const toast = useToast();
  return (
    <ConfirmDialog
      title="Save as cohort"
      confirm={save.isPending ? 'Saving' : 'Save'}
      ready={name.trim() !== ''}
      pending={save.isPending}
      error={save.error?.message ?? null}
      onClose={onClose}
      onConfirm={() =>
        save.mutate(
          { name: name.trim(), filters: [{ type: 'report', list: { type: 'list', ...number } }] },
          {
            onSuccess: (cohort) => {
              toast(`Cohort “${cohort.name}” saved`);
              onClose();
            },
          },
        )
      }
    >
      <p>The cohort is always whoever is behind this number of the report when it is asked.</p>
      <TextField
        label="Name"
        value={name}
        maxLength={nameMax}
        data-testid="cohort-name"
        onChange={(event) => setName(event.target.value)}
      />
    </ConfirmDialog>
  );
}
