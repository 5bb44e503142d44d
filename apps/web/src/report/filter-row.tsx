'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PropertyName } from '@arbor/schema/catalog';
import { IconButton } from '#components/button.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { classNames } from '#components/class-names.ts';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { propertyLabel } from '#format/property-name.ts';
import {
  filterKinds,
  filterSentence,
  ignoresCase,
  isCompleteFilter,
  kindsOf,
  operatorsOf,
  withKind,
  withOperator,
  withPath,
  type FilterKind,
  type FilterState,
} from './filter-state.ts';
import { FilterValues } from './filter-values.tsx';
import { usePropertyNames } from './names.ts';

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
  date: 'as date',
  list: 'as list',
};

/** Property, operator, values. Marked while a value is missing or a pattern is wrong: then it is not part of the query. */
export function FilterRow(props: FilterRowProps): ReactNode {
  const { filter, onChange, onRemove, testId } = props;
  const { names } = usePropertyNames();
  const { property } = filter;
  const known = names.find(({ scope, name }) => scope === property.scope && name === property.name);
  const types = known?.types ?? [];
  const complete = isCompleteFilter(filter);
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
        <span className="min-w-0 shrink px-1.5 font-medium truncate-line" title={property.name}>
          {propertyLabel(property.name)}
        </span>
        {property.scope === 'person' ? (
          <span className="shrink-0 rounded-sm bg-pressed px-1 text-2xs text-ink-2">user</span>
        ) : null}
        <KindSelect {...props} types={types} />
        <span className="flex-1" />
        <IconButton label="Remove filter" onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </div>
      {types.includes('object') || property.path !== undefined ? <PathField {...props} /> : null}
      <div className="flex min-w-0 flex-wrap items-center gap-0.5">
        <QuantifierSelect {...props} types={types} />
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
          className="max-w-full"
        />
        {ignoresCase(filter) ? (
          <span className="flex items-center gap-1.5 px-1.5 text-xs text-ink-2">
            <Checkbox
              label="Upper and lower case differ"
              checked={filter.caseSensitive === true}
              onChange={(caseSensitive) => onChange({ ...filter, caseSensitive })}
            />
            Aa
          </span>
        ) : null}
      </div>
      <FilterValues filter={filter} onChange={onChange} testId={`${testId}-value`} />
    </fieldset>
  );
}

type TypedProps = FilterRowProps & { readonly types: PropertyName['types'] };

/** How the values are read: a type that the property does not have is a cast, and the rest counts as not set (UX-PP4). */
function KindSelect({ filter, types, testId, onChange }: TypedProps): ReactNode {
  const own = kindsOf(types);
  // Types that are not known yet are those that the filter was made of.
  const isOwn = (kind: FilterKind): boolean =>
    own.includes(kind) || (own.length === 0 && kind === filter.kind);
  return (
    <Select
      look="quiet"
      label="Read values as"
      testId={`${testId}-kind`}
      value={filter.kind}
      options={filterKinds.map((kind) => ({
        value: kind,
        label: isOwn(kind) ? kindLabels[kind] : `read ${kindLabels[kind]}`,
      }))}
      onChange={(kind) => onChange(withKind(filter, kind, types))}
      className="shrink-0 text-xs"
    />
  );
}

/** Of a property that holds lists, read as the type of its items: whether one of them must pass, or all. */
function QuantifierSelect({ filter, types, onChange }: TypedProps): ReactNode {
  const { kind, quantifier, operator } = filter;
  const isOfItems = (kind === 'text' || kind === 'number') && types.includes('list');
  if (!isOfItems || operator === 'matches' || operator === 'does_not_match') return null;
  return (
    <Select
      look="quiet"
      label="Which items"
      value={quantifier ?? 'any'}
      options={[
        { value: 'any', label: 'any item' },
        { value: 'all', label: 'all items' },
      ]}
      onChange={(next) => onChange({ ...filter, quantifier: next })}
    />
  );
}

/** The key inside of an object: "address.city", at most three deep (UX-PP3). */
function PathField({ filter, testId, onChange }: FilterRowProps): ReactNode {
  const path = filter.property.path?.join('.') ?? '';
  const commit = (text: string): void => {
    if (text.trim() !== path) onChange(withPath(filter, text));
  };
  return (
    <Input
      key={path}
      aria-label={`Key inside ${propertyLabel(filter.property.name)}`}
      data-testid={`${testId}-path`}
      placeholder="Key inside, such as address.city"
      defaultValue={path}
      onBlur={(event) => commit(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(event.currentTarget.value);
      }}
    />
  );
}
