'use client';

import { Eraser, UsersRound, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { mayChangeUsers, maySave } from '#api/roles.ts';
import { Button, IconButton } from '#components/button.tsx';
import { formatCount } from '#format/number.ts';
import type { UsersRequestInput } from '@arbor/schema/query';
import { chosenMax, nobody, onlyUsers, withUsers, type Chosen } from '../selection.ts';
import { EraseUsersDialog } from './erase-users-dialog.tsx';
import { ExportButton } from './export-button.tsx';
import { JoinCohortDialog } from './join-cohort-dialog.tsx';

/** What can be done with the users who were chosen (UX-U2). Absent while nobody is. */
export function ChoiceBar({
  chosen,
  shown,
  request,
  onChange,
}: {
  readonly chosen: Chosen;
  /** Users of the rows that are there. */
  readonly shown: readonly string[];
  /** What the rows were asked by: the file has the same columns. */
  readonly request: UsersRequestInput;
  readonly onChange: (chosen: Chosen) => void;
}): ReactNode {
  const { role } = useProject();
  const [opened, setOpened] = useState<'cohort' | 'erase' | null>(null);
  if (chosen.size === 0) return null;
  const close = (): void => setOpened(null);
  const isMore = chosen.size < chosenMax && shown.some((user) => !chosen.has(user));
  return (
    <div
      role="toolbar"
      aria-label="Chosen users"
      data-testid="users-chosen"
      className="flex flex-wrap items-center gap-2 rounded-md bg-accent-soft px-2.5 py-1.5"
    >
      <output className="text-xs font-medium tabular">
        {formatCount(chosen.size, 'user')} chosen
      </output>
      {isMore ? (
        <Button variant="ghost" size="sm" onClick={() => onChange(withUsers(chosen, shown, true))}>
          Choose all {formatCount(shown.length, 'row')}
        </Button>
      ) : null}
      <span className="flex-1" />
      {maySave(role) ? (
        <Button size="sm" data-testid="chosen-cohort" onClick={() => setOpened('cohort')}>
          <UsersRound size={14} /> Add to cohort
        </Button>
      ) : null}
      <ExportButton request={onlyUsers(request, chosen)} testId="chosen-csv" />
      {mayChangeUsers(role) ? (
        <Button size="sm" data-testid="chosen-erase" onClick={() => setOpened('erase')}>
          <Eraser size={14} /> Erase
        </Button>
      ) : null}
      <IconButton label="Choose nobody" onClick={() => onChange(nobody)}>
        <X size={14} />
      </IconButton>
      {opened === 'cohort' ? (
        <JoinCohortDialog chosen={chosen} onClose={close} onDone={() => onChange(nobody)} />
      ) : null}
      {opened === 'erase' ? (
        <EraseUsersDialog chosen={chosen} onClose={close} onDone={() => onChange(nobody)} />
      ) : null}
    </div>
  );
}
