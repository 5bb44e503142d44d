'use client';

import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { Select } from '#components/select.tsx';
import { formatCount } from '#format/number.ts';
import { BuilderSection } from '#report/builder-section.tsx';
import type { SavedCohort } from '#report/cohorts.ts';
import { AddCondition, ConditionList } from '#report/condition-list.tsx';
import { matchLabels, type CohortState, type GroupState } from '../definition.ts';

export type CohortBuilderProps = {
  readonly cohort: CohortState;
  readonly onChange: (cohort: CohortState) => void;
};

const groupsMax = 20;

/** Groups of conditions; in each all, any or none must hold (UX-CO1). */
export function CohortBuilder({ cohort, onChange }: CohortBuilderProps): ReactNode {
  const { join, groups } = cohort;
  return (
    <>
      {groups.map((group, index) => (
        <GroupSection
          // Groups have no identity of their own.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          group={group}
          index={index}
          join={join}
          onJoin={(next) => onChange({ ...cohort, join: next })}
          onChange={(next) => onChange({ ...cohort, groups: groups.with(index, next) })}
          onRemove={
            groups.length === 1
              ? undefined
              : () => onChange({ ...cohort, groups: groups.toSpliced(index, 1) })
          }
        />
      ))}
      {groups.length < groupsMax ? (
        <div className="px-4 py-3">
          <Button
            variant="ghost"
            size="sm"
            data-testid="group-add"
            onClick={() =>
              onChange({ ...cohort, groups: [...groups, { match: 'all', conditions: [] }] })
            }
          >
            <Plus size={14} /> Group of conditions
          </Button>
        </div>
      ) : null}
    </>
  );
}

type GroupSectionProps = {
  readonly group: GroupState;
  readonly index: number;
  readonly join: CohortState['join'];
  readonly onJoin: (join: CohortState['join']) => void;
  readonly onChange: (group: GroupState) => void;
  /** Absent while there is only one. */
  readonly onRemove: (() => void) | undefined;
};

function GroupSection(props: GroupSectionProps): ReactNode {
  const { group, index, onChange } = props;
  const testId = `group-${index}-condition`;
  return (
    <BuilderSection
      title={index === 0 ? 'Users for whom' : `Group ${index + 1}`}
      action={
        props.onRemove === undefined ? undefined : (
          <IconButton label={`Remove group ${index + 1}`} onClick={props.onRemove}>
            <X size={14} />
          </IconButton>
        )
      }
    >
      <div className="flex flex-wrap items-center gap-1 text-ink-2">
        {index === 0 ? null : <JoinSelect {...props} />}
        <Select
          look="quiet"
          label="All, any or none"
          testId={`group-${index}-match`}
          value={group.match}
          options={(['all', 'any', 'none'] as const).map((match) => ({
            value: match,
            label: matchLabels[match],
          }))}
          onChange={(match) => onChange({ ...group, match })}
        />
        these {group.match === 'all' ? 'hold' : 'holds'}
      </div>
      {group.conditions.length === 0 ? null : (
        <ConditionList
          conditions={group.conditions}
          testId={testId}
          onChange={(conditions) => onChange({ ...group, conditions })}
        />
      )}
      <AddCondition
        testId={`group-${index}-add`}
        onAdd={(condition) => onChange({ ...group, conditions: [...group.conditions, condition] })}
      />
    </BuilderSection>
  );
}

/** One word joins all groups: "and" and "or" beside each other would need brackets. */
function JoinSelect({ join, onJoin }: GroupSectionProps): ReactNode {
  return (
    <Select
      look="quiet"
      label="And or or"
      testId="group-join"
      value={join}
      options={[
        { value: 'all', label: 'and' },
        { value: 'any', label: 'or' },
      ]}
      onChange={onJoin}
    />
  );
}

/** A list that was uploaded has members and no conditions. */
export function UploadedNotice({ cohort }: { readonly cohort: SavedCohort }): ReactNode {
  const { uploaded } = cohort;
  return (
    <BuilderSection title="Users">
      <p className="text-ink-2">
        {uploaded === null
          ? 'No list was uploaded yet.'
          : `A list of ${formatCount(uploaded.rows, 'user')} that was uploaded.`}
      </p>
    </BuilderSection>
  );
}
