'use client';

import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { newEventCondition } from './behaviour-state.ts';
import { useCohortName } from './cohorts.ts';
import { CombinationSelect } from './combination-select.tsx';
import { EventConditionRow } from './event-condition-row.tsx';
import { AddPlainFilter, PlainFilterRow } from './plain-filter-row.tsx';
import {
  incompleteCount,
  isComplete,
  isGroup,
  reportFilterSentence,
  type BehaviourFilter,
  type FilterEntry,
  type FilterGroup,
  type SingleFilter,
} from './question.ts';

type RowProps<F extends FilterEntry> = {
  readonly entry: F;
  readonly testId: string;
  readonly onChange: (entry: F) => void;
  readonly onRemove: () => void;
};

/** What stands in a list of filters: one, or a group of them. */
export function FilterEntryRow({ entry, onChange, ...row }: RowProps<FilterEntry>): ReactNode {
  return isGroup(entry) ? (
    <GroupRow {...row} entry={entry} onChange={onChange} />
  ) : (
    <SingleRow {...row} entry={entry} onChange={onChange} />
  );
}

function SingleRow({ entry, onChange, ...row }: RowProps<SingleFilter>): ReactNode {
  return 'behaviour' in entry ? (
    <BehaviourRow {...row} entry={entry} onChange={onChange} />
  ) : (
    <PlainFilterRow {...row} filter={entry} onChange={onChange} />
  );
}

/** Whether users did something: a cohort that nobody has to save first. */
function BehaviourRow({ entry, testId, onChange, onRemove }: RowProps<BehaviourFilter>): ReactNode {
  const complete = isComplete(entry);
  return (
    <fieldset
      aria-label={`Filter: ${reportFilterSentence(entry)}${complete ? '' : ', incomplete'}`}
      data-testid={testId}
      className={classNames(
        'flex min-w-0 items-start gap-1 rounded-md border bg-sunken p-1.5',
        complete ? 'border-transparent' : 'border-warning/50',
      )}
    >
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1">
        <EventConditionRow
          condition={entry.behaviour}
          testId={testId}
          onChange={(behaviour) => onChange({ behaviour })}
        />
      </div>
      <IconButton label="Remove filter" onClick={onRemove}>
        <X size={14} />
      </IconButton>
    </fieldset>
  );
}

function GroupRow({ entry, testId, onChange, onRemove }: RowProps<FilterGroup>): ReactNode {
  const { group, filters } = entry;
  const complete = filters.length > 0 && incompleteCount([entry]) === 0;
  const words =
    filters.length === 0 ? 'no filter yet' : reportFilterSentence(entry, useCohortName());
  const add = (filter: SingleFilter): void => onChange({ group, filters: [...filters, filter] });
  return (
    <fieldset
      aria-label={`Group of filters: ${words}${complete ? '' : ', incomplete'}`}
      data-testid={testId}
      className={classNames(
        'grid min-w-0 gap-1.5 rounded-md border p-1.5',
        complete ? 'border-line' : 'border-warning/50',
      )}
    >
      <div className="flex items-center justify-between">
        <CombinationSelect
          value={group}
          testId={`${testId}-combination`}
          onChange={(next) => onChange({ group: next, filters })}
        />
        <IconButton label="Remove group" onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </div>
      {filters.map((filter, index) => (
        <SingleRow
          // As in the list around it.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${index}`}
          entry={filter}
          testId={`${testId}-${index}`}
          onChange={(next) => onChange({ group, filters: filters.with(index, next) })}
          onRemove={() => onChange({ group, filters: filters.toSpliced(index, 1) })}
        />
      ))}
      <span className="flex flex-wrap items-center">
        <AddPlainFilter testId={`${testId}-add`} onAdd={add} />
        <Button
          variant="ghost"
          size="sm"
          data-testid={`${testId}-add-behaviour`}
          onClick={() => add({ behaviour: newEventCondition })}
        >
          <Plus size={14} /> Did
        </Button>
      </span>
    </fieldset>
  );
}
