'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Select } from '#components/select.tsx';
import { propertyLabel } from '#format/property-name.ts';
import { FilterValues } from './filter-values.tsx';
import { usePropertyNames } from './names.ts';
import {
  filterSentence,
  isComplete,
  kindsOf,
  operatorsOf,
  withKind,
  withOperator,
  type FilterKind,
  type FilterState,
} from './question.ts';

export type FilterRowProps = {
  readonly filter: FilterState;
  readonly onChange: (filter: FilterState) => void;
  readonly onRemove: () => void;
  readonly testId: string;
};

const kindLabels: Readonly<Record<FilterKind, string>> = {
  text: 'as text',
  number: 'as number',
  boolean: 'as yes/no',
};

/** Property, operator, values. Marked while a value is missing: then it is not part of the query. */
export function FilterRow({ filter, onChange, onRemove, testId }: FilterRowProps): ReactNode {
  const { names } = usePropertyNames();
  const property = names.find(
    ({ scope, name }) => scope === filter.property.scope && name === filter.property.name,
  );
  const kinds = property === undefined ? [] : kindsOf(property.types);
  const complete = isComplete(filter);
  return (
    <fieldset
      aria-label={`Filter: ${filterSentence(filter)}${complete ? '' : ', incomplete'}`}
      data-testid={testId}
      className={classNames(
        'grid min-w-0 gap-1 rounded-md border bg-sunken p-1.5',
        complete ? 'border-transparent' : 'border-warning/50',
      )}
    >
      <div className="flex min-w-0 items-center gap-0.5">
        <span
          className="min-w-0 shrink px-1.5 font-medium truncate-line"
          title={filter.property.name}
        >
          {propertyLabel(filter.property.name)}
        </span>
        {filter.property.scope === 'person' ? (
          <span className="shrink-0 rounded-sm bg-pressed px-1 text-2xs text-ink-2">user</span>
        ) : null}
        <Select
          look="quiet"
          label="Operator"
          value={filter.operator}
          testId={`${testId}-operator`}
          options={operatorsOf[filter.kind].map(({ operator, label }) => ({
            value: operator,
            label,
          }))}
          onChange={(operator) => onChange(withOperator(filter, operator))}
          className="shrink-0"
        />
        {kinds.length > 1 ? (
          <Select
            look="quiet"
            label="Read values as"
            value={filter.kind}
            options={kinds.map((kind) => ({ value: kind, label: kindLabels[kind] }))}
            onChange={(kind) => onChange(withKind(filter, kind))}
            className="shrink-0 text-xs"
          />
        ) : null}
        <span className="flex-1" />
        <IconButton label="Remove filter" onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </div>
      <FilterValues filter={filter} onChange={onChange} testId={`${testId}-value`} />
    </fieldset>
  );
}
