'use client';

import { ChevronDown } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { FilterValue } from '@arbor/schema/query';
import { classNames } from '#components/class-names.ts';
import { Combobox } from '#components/combobox.tsx';
import type { Option } from '#components/option-search.ts';
import { formatCompact } from '#format/number.ts';
import { propertyLabel } from '#format/property-name.ts';
import type { FilterValuesProps } from './filter-values-props.ts';
import { usePropertyValues } from './names.ts';
import { PasteList } from './paste-list.tsx';
import { PatternField } from './pattern-field.tsx';
import { TextValue } from './text-value.tsx';
import { DateFields } from './date-fields.tsx';
import {
  filterValueLabel,
  isCounting,
  isPattern,
  notSetLabel,
  parseNumbers,
  takesNotSet,
  valueCountOf,
} from './filter-state.ts';

/** The field that fits the operator: a list of known values, a text, a pattern, numbers or dates. */
export function FilterValues(props: FilterValuesProps): ReactNode {
  const { filter, onChange, testId } = props;
  const { kind, operator, values } = filter;
  const count = valueCountOf(operator);
  if (count === 'none') return null;
  if (kind === 'date') return <DateFields {...props} />;
  if (isPattern(operator)) return <PatternField {...props} />;
  if (kind !== 'number' && count === 'many') return <ValuePicker {...props} />;
  if (kind === 'number' || isCounting(operator)) {
    return <NumbersField key={operator} {...props} count={count} />;
  }
  return (
    <TextValue
      value={String(values[0] ?? '')}
      testId={testId}
      onCommit={(text) => onChange({ ...filter, values: text === '' ? [] : [text] })}
    />
  );
}

function ValuePicker({ filter, onChange, testId }: FilterValuesProps): ReactNode {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const { values, loading } = usePropertyValues(
    filter.property,
    search,
    // Of what lies inside of objects no values are listed.
    open && filter.property.path === undefined,
  );
  const chosen = filter.values;
  const withNotSet = takesNotSet(filter);
  const options = useMemo((): readonly Option<FilterValue | null>[] => {
    const found = values.map(({ text, count }) => ({
      value: text,
      label: filterValueLabel(text),
      hint: formatCompact(count),
    }));
    // What was chosen stays in the list, also when it is rare or was typed by hand.
    const missing =
      search === '' ? chosen.filter((value) => !values.some(({ text }) => text === value)) : [];
    // Both can be asked for, whether any value is so or not (UX-F2).
    const empty = found.some(({ value }) => value === '') || chosen.includes('');
    return [
      ...missing.map((value) => ({ value, label: filterValueLabel(value) })),
      ...found,
      ...(empty ? [] : [{ value: '', label: filterValueLabel('') }]),
      ...(withNotSet ? [{ value: null, label: notSetLabel }] : []),
    ];
  }, [values, chosen, search, withNotSet]);
  const toggle = (value: FilterValue | null): void => {
    if (value === null) {
      onChange({ ...filter, notSet: filter.notSet !== true });
      return;
    }
    onChange({
      ...filter,
      values: chosen.includes(value)
        ? chosen.filter((other) => other !== value)
        : [...chosen, value],
    });
  };
  const labels = [
    ...chosen.map(filterValueLabel),
    ...(withNotSet && filter.notSet === true ? [notSetLabel] : []),
  ];
  return (
    <div className="grid gap-1">
      <Combobox
        several
        label={`Values of ${propertyLabel(filter.property.name)}`}
        placeholder="Search or type a value"
        options={options}
        loading={loading}
        defaultOpen={false}
        isChosen={(value) => (value === null ? filter.notSet === true : chosen.includes(value))}
        onSelect={toggle}
        onSearch={setSearch}
        onOpenChange={(next) => {
          setOpen(next);
          setSearch('');
        }}
        onFreeText={{ describe: (text) => `Use “${text}”`, take: toggle }}
        trigger={
          <button
            type="button"
            data-testid={testId}
            className={classNames(
              'flex h-8 w-full min-w-0 items-center gap-2 rounded-md border border-line-strong/70 bg-surface px-2.5 text-left hover:border-line-strong',
              labels.length === 0 && 'text-ink-3',
            )}
          >
            <span className="flex-1 truncate-line">
              {labels.length === 0 ? 'Choose values' : labels.join(', ')}
            </span>
            {labels.length > 1 ? (
              <span className="rounded-full bg-accent-soft px-1.5 text-2xs text-accent tabular">
                {labels.length}
              </span>
            ) : null}
            <ChevronDown size={14} className="shrink-0 text-ink-3" aria-hidden />
          </button>
        }
      />
      <PasteList
        testId={`${testId}-paste`}
        onTake={(texts) =>
          onChange({ ...filter, values: [...new Set([...chosen, ...texts])].slice(0, valuesMax) })
        }
      />
    </div>
  );
}

/** As many values as one filter takes (UX-PP2). */
const valuesMax = 10_000;

const numberHints = {
  one: 'Number',
  two: 'From, to',
  many: 'One or more numbers',
  none: '',
} as const;

function NumbersField({
  filter,
  onChange,
  testId,
  count,
}: FilterValuesProps & { readonly count: keyof typeof numberHints }): ReactNode {
  const [invalid, setInvalid] = useState(false);
  return (
    <TextValue
      value={filter.values.join(', ')}
      testId={testId}
      placeholder={numberHints[count]}
      invalid={invalid}
      onCommit={(text) => {
        const numbers = parseNumbers(text);
        setInvalid(numbers === null);
        const max = { none: 0, one: 1, two: 2, many: Infinity }[count];
        onChange({ ...filter, values: (numbers ?? []).slice(0, max) });
      }}
    />
  );
}
