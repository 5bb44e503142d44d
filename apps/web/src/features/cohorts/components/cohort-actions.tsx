'use client';

import { Ellipsis, Pencil, Trash2, TrendingUp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { Button } from '#components/button.tsx';
import { Menu, MenuItem } from '#components/menu.tsx';
import { useToast } from '#components/toast.tsx';
import { useCohortName, type SavedCohort } from '#report/cohorts.ts';
import { encodeState } from '#report/url-state.ts';
import { useArchiveCohort, useChangeCohort } from '../api.ts';
import { cohortFilters, cohortSentence, type CohortState } from '../definition.ts';
import { NameDialog } from './name-dialog.tsx';

export type CohortActionsProps = {
  readonly cohort: SavedCohort | null;
  readonly current: CohortState;
  /** The conditions are not those that are saved. */
  readonly edited: boolean;
  readonly onRevert: () => void;
};

/** Save, rename, delete, use: those of them that the role may do. */
export function CohortActions(props: CohortActionsProps): ReactNode {
  const { cohort, current, edited, onRevert } = props;
  const { role } = useProject();
  const [naming, setNaming] = useState(false);
  const nameOf = useCohortName();
  const filters = cohortFilters(current);
  const mayChange = maySave(role);
  return (
    <>
      {cohort !== null && edited ? (
        <>
          <span className="text-xs text-warning" data-testid="cohort-edited">
            edited, not saved
          </span>
          <Button variant="ghost" onClick={onRevert} data-testid="cohort-revert">
            Revert
          </Button>
        </>
      ) : null}
      {mayChange && filters.length > 0 && cohort === null ? (
        <Button variant="primary" data-testid="cohort-save" onClick={() => setNaming(true)}>
          Save
        </Button>
      ) : null}
      {mayChange && filters.length > 0 && cohort !== null && edited ? (
        <SaveButton cohort={cohort} current={current} onSaved={onRevert} />
      ) : null}
      {cohort === null ? null : (
        <CohortMenu cohort={cohort} mayChange={mayChange} onRename={() => setNaming(true)} />
      )}
      {naming ? (
        <NameDialog
          cohort={cohort}
          filters={filters}
          suggested={cohort?.name ?? cohortSentence(current, nameOf)}
          onClose={() => setNaming(false)}
        />
      ) : null}
    </>
  );
}

function SaveButton({
  cohort,
  current,
  onSaved,
}: {
  readonly cohort: SavedCohort;
  readonly current: CohortState;
  readonly onSaved: () => void;
}): ReactNode {
  const change = useChangeCohort();
  const toast = useToast();
  return (
    <>
      <Button
        variant="primary"
        data-testid="cohort-save"
        disabled={change.isPending}
        onClick={() =>
          change.mutate(
            { id: cohort.id, filters: cohortFilters(current) },
            {
              onSuccess: () => {
                toast(`Cohort “${cohort.name}” saved`);
                onSaved();
              },
            },
          )
        }
      >
        {change.isPending ? 'Saving' : 'Save'}
      </Button>
      {change.error === null ? null : (
        <p role="alert" className="w-full text-danger">
          Not saved: {change.error.message}.
        </p>
      )}
    </>
  );
}

function CohortMenu({
  cohort,
  mayChange,
  onRename,
}: {
  readonly cohort: SavedCohort;
  readonly mayChange: boolean;
  readonly onRename: () => void;
}): ReactNode {
  const { id: projectId } = useProject();
  const router = useRouter();
  const toast = useToast();
  const restore = useArchiveCohort(false);
  const archive = useArchiveCohort(true, () => {
    router.push(`/p/${projectId}/cohorts`);
    toast(`Cohort “${cohort.name}” deleted`, {
      label: 'Undo',
      run: () => restore.mutate(cohort.id),
    });
  });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button
            aria-label="More about this cohort"
            data-testid="cohort-menu"
            className="w-8 px-0!"
          >
            <Ellipsis size={16} />
          </Button>
        }
      >
        <MenuItem
          icon={<TrendingUp size={14} />}
          onSelect={() => router.push(`/p/${projectId}/insights?q=${insightsOf(cohort.id)}`)}
        >
          Filter Insights by it
        </MenuItem>
        {mayChange ? (
          <>
            <MenuItem icon={<Pencil size={14} />} onSelect={onRename}>
              Rename
            </MenuItem>
            <MenuItem danger icon={<Trash2 size={14} />} onSelect={() => archive.mutate(cohort.id)}>
              Delete
            </MenuItem>
          </>
        ) : null}
      </Menu>
      {archive.error === null ? null : (
        <p role="alert" className="w-full text-danger" data-testid="cohort-refused">
          {archive.error.message}
        </p>
      )}
    </>
  );
}

/** The state of Insights about these users alone, for its address. */
function insightsOf(id: string): string {
  return encodeURIComponent(
    encodeState({
      range: { preset: '30d' },
      unit: null,
      metrics: [{ event: null, filters: [], measure: { type: 'unique' } }],
      filters: [{ cohort: { operator: 'in', id } }],
      breakdown: null,
      chart: 'line',
    }),
  );
}
