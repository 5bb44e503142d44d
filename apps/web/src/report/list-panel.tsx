'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { useTRPCClient } from '#api/trpc.ts';
import { Button } from '#components/button.tsx';
import { Sheet } from '#components/dialog.tsx';
import { Segmented } from '#components/segmented.tsx';
import { csvFileName } from '#format/csv.ts';
import { formatCount } from '#format/number.ts';
import { CsvButton } from './csv-button.tsx';
import { EventList } from './event-list.tsx';
import { allListedUsers, useListedEvents, useListedUsers, type NumberRef } from './listed-users.ts';
import type { ListedNumber } from './listed-number.ts';
import { SaveCohortDialog } from './save-cohort-dialog.tsx';
import { UserList, userListCsv } from './user-list.tsx';

export type ListPanelProps = {
  /** The report that the number stands in. */
  readonly of: NumberRef['of'];
  readonly listed: ListedNumber;
  readonly onChange: (listed: ListedNumber | null) => void;
};

/** Who or what is behind a number of a report, beside the report (UX-DD1, UX-DD3). */
export function ListPanel({ of, listed, onChange }: ListPanelProps): ReactNode {
  const { title, what, point } = listed;
  return (
    <Sheet
      side="right"
      open
      modal={false}
      title={title}
      testId="panel"
      onOpenChange={(open) => {
        if (!open) onChange(null);
      }}
    >
      <div className="flex h-full min-h-0 flex-col">
        <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
          <Segmented
            label="List of"
            testId="list-what"
            value={what}
            options={[
              { value: 'users', label: 'Users' },
              { value: 'events', label: 'Events' },
            ]}
            onChange={(next) => onChange({ ...listed, what: next })}
          />
          {what === 'users' ? (
            <UsersHead title={title} number={{ of, point }} />
          ) : (
            <EventsHead number={{ of, point }} />
          )}
        </div>
        <div className="min-h-0 flex-1">
          {what === 'users' ? (
            <Users title={title} number={{ of, point }} />
          ) : (
            <Events title={title} number={{ of, point }} />
          )}
        </div>
      </div>
    </Sheet>
  );
}

type PartProps = { readonly title: string; readonly number: NumberRef };

function UsersHead({ title, number }: PartProps): ReactNode {
  const { total } = useListedUsers(number);
  const { id, role } = useProject();
  const api = useTRPCClient();
  const [saving, setSaving] = useState(false);
  return (
    <>
      <output className="min-w-20 flex-1 font-semibold tabular" data-testid="user-list-count">
        {total === null ? '' : formatCount(total, 'user')}
      </output>
      {total === null ? null : (
        <CsvButton
          fileName={csvFileName(title, 'users')}
          rows={async () => userListCsv(await allListedUsers(api, id, number))}
        />
      )}
      {maySave(role) && total !== null ? (
        <Button size="sm" data-testid="save-cohort" onClick={() => setSaving(true)}>
          Save as cohort
        </Button>
      ) : null}
      {saving ? (
        <SaveCohortDialog
          name={title}
          filters={[{ type: 'report', list: { type: 'list', ...number } }]}
          onClose={() => setSaving(false)}
        >
          The cohort is always whoever is behind this number of the report when it is asked.
        </SaveCohortDialog>
      ) : null}
    </>
  );
}

function EventsHead({ number }: Pick<PartProps, 'number'>): ReactNode {
  const { total } = useListedEvents(number);
  return (
    <output className="min-w-20 flex-1 font-semibold tabular" data-testid="event-list-count">
      {total === null ? '' : formatCount(total, 'event')}
    </output>
  );
}

function Users({ title, number }: PartProps): ReactNode {
  return <UserList list={useListedUsers(number)} label={title} fill />;
}

function Events({ title, number }: PartProps): ReactNode {
  return <EventList list={useListedEvents(number)} label={title} />;
}
