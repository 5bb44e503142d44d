'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Select } from '#components/select.tsx';
import { CohortPicker } from './cohort-picker.tsx';
import { useCohortName } from './cohorts.ts';
import {
  conditionSentence,
  isCompleteCondition,
  type CohortCondition,
  type ConditionState,
  type KeptCondition,
} from './conditions.ts';
import { EventConditionRow } from './event-condition-row.tsx';
import { FilterRow } from './filter-row.tsx';
import { SequenceConditionRow } from './sequence-condition-row.tsx';

export type ConditionProps<C extends ConditionState> = {
  readonly condition: C;
  readonly testId: string;
  readonly onChange: (condition: ConditionState) => void;
  readonly onRemove: () => void;
};

export function ConditionRow(props: ConditionProps<ConditionState>): ReactNode {
  const { condition, testId, onChange, onRemove } = props;
  if (condition.type === 'property') {
    return (
      <FilterRow
        filter={condition.filter}
        testId={testId}
        onChange={(filter) => onChange({ type: 'property', filter })}
        onRemove={onRemove}
      />
    );
  }
  return (
    <ConditionFrame {...props}>
      <ConditionFields {...props} condition={condition} />
    </ConditionFrame>
  );
}

function ConditionFields(
  props: ConditionProps<Exclude<ConditionState, { type: 'property' }>>,
): ReactNode {
  const { condition } = props;
  switch (condition.type) {
    case 'event':
      return (
        <EventConditionRow condition={condition} testId={props.testId} onChange={props.onChange} />
      );
    case 'sequence':
      return <SequenceConditionRow {...props} condition={condition} />;
    case 'cohort':
      return <CohortConditionRow {...props} condition={condition} />;
    case 'kept':
      return <KeptConditionRow condition={condition} />;
  }
}

/** The look of a filter of a report, around any condition. */
function ConditionFrame({
  condition,
  testId,
  onRemove,
  children,
}: Omit<ConditionProps<ConditionState>, 'onChange'> & {
  readonly children: ReactNode;
}): ReactNode {
  const complete = isCompleteCondition(condition);
  const words = conditionSentence(condition, useCohortName());
  return (
    <fieldset
      aria-label={`Condition: ${words}${complete ? '' : ', incomplete'}`}
      data-testid={testId}
      className={classNames(
        'flex min-w-0 items-start gap-1 self-start rounded-md border bg-sunken p-1.5',
        complete ? 'border-transparent' : 'border-warning/50',
      )}
    >
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1">{children}</div>
      <IconButton label="Remove condition" onClick={onRemove}>
        <X size={14} />
      </IconButton>
    </fieldset>
  );
}

function CohortConditionRow({
  condition,
  testId,
  onChange,
}: ConditionProps<CohortCondition>): ReactNode {
  return (
    <>
      <Select
        look="quiet"
        label="In or not in"
        testId={`${testId}-operator`}
        value={condition.operator}
        options={[
          { value: 'in', label: 'In cohort' },
          { value: 'not_in', label: 'Not in cohort' },
        ]}
        onChange={(operator) => onChange({ ...condition, operator })}
      />
      <CohortPicker
        value={condition.id}
        testId={`${testId}-cohort`}
        onChange={(id) => onChange({ ...condition, id })}
      />
    </>
  );
}

/** Made where there are more fields than here: it can be taken out, not changed. */
function KeptConditionRow({ condition }: { readonly condition: KeptCondition }): ReactNode {
  return (
    <span className="px-1.5 py-1 text-ink-2">
      {conditionSentence(condition, (id) => id)}, kept as it is
    </span>
  );
}
