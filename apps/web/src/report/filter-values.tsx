'use client';

import { ChevronDown } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { FilterValue } from '@arbor/schema/query';
import { classNames } from '#components/class-names.ts';
import { Combobox } from '#components/combobox.tsx';
import type { Option } from '#components/option-search.ts';
import { Input } from '#components/text-field.tsx';
import { formatCompact } from '#format/number.ts';
import { propertyLabel } from '#format/property-name.ts';
import { usePropertyValues } from './names.ts';
import { filterValueLabel, parseNumbers, valueCountOf, type FilterState } from './question.ts';

export type FilterValuesProps = {
  readonly filter: FilterState;
  readonly onChange: (filter: FilterState) => void;
  readonly testId: string;
};

/** The field that fits the operator: a list of known values, a text, one number or two. */
export function FilterValues(props: FilterValuesProps): ReactNode {
  const { filter, onChange, testId } = props;
  const count = valueCountOf(filter.operator);
  if (count === 'none') return null;
  if (filter.kind === 'text' && count === 'many') return <ValuePicker {...props} />;
  if (filter.kind === 'number')
    return <NumberField key={filter.operator} {...props} count={count} />;
  return (
    <TextValue
      value={String(filter.values[0] ?? '')}
      testId={testId}
      onCommit={(text) => onChange({ ...filter, values: text === '' ? [] : [text] })}
    />
  );
}

function ValuePicker({ filter, onChange, testId }: FilterValuesProps): ReactNode {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const { values, loading } = usePropertyValues(filter.property, search, open);
  const chosen = filter.values;
  const options = useMemo((): readonly Option<FilterValue>[] => {
    const found = values.map(({ text, count }) => ({
      value: text,
      label: filterValueLabel(text),
      hint: formatCompact(count),
    }));
    // What was chosen stays in the list, also when it is rare or was typed by hand.
    const missing =
      search === '' ? chosen.filter((value) => !values.some(({ text }) => text === value)) : [];
    return [...missing.map((value) => ({ value, label: filterValueLabel(value) })), ...found];
  }, [values, chosen, search]);
  const toggle = (value: FilterValue): void =>
    onChange({
      ...filter,
      values: chosen.includes(value)
        ? chosen.filter((other) => other !== value)
        : [...chosen, value],
    });
  return (
    <Combobox
      several
      label={`Values of ${propertyLabel(filter.property.name)}`}
      placeholder="Search or type a value"
      options={options}
      loading={loading}
      defaultOpen={false}
      isChosen={(value) => chosen.includes(value)}
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
            chosen.length === 0 && 'text-ink-3',
          )}
        >
          <span className="flex-1 truncate-line">
            {chosen.length === 0 ? 'Choose values' : chosen.map(filterValueLabel).join(', ')}
          </span>
          {chosen.length > 1 ? (
            <span className="rounded-full bg-accent-soft px-1.5 text-2xs text-accent tabular">
              {chosen.length}
            </span>
          ) : null}
          <ChevronDown size={14} className="shrink-0 text-ink-3" aria-hidden />
        </button>
      }
    />
  );
}

const numberHints = {
  one: 'Number',
  two: 'From, to',
  many: 'One or more numbers',
  none: '',
} as const;

function NumberField({
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

type TextValueProps = {
  readonly value: string;
  readonly testId: string;
  readonly onCommit: (text: string) => void;
  readonly placeholder?: string;
  readonly invalid?: boolean;
};

/** Takes effect when the field is left or Enter is pressed, so that half a word is never asked for. */
function TextValue({ value, testId, onCommit, placeholder, invalid }: TextValueProps): ReactNode {
  return (
    <Input
      key={invalid === true ? 'invalid' : value}
      defaultValue={value}
      data-testid={testId}
      aria-label="Value"
      placeholder={placeholder ?? 'Value'}
      invalid={invalid ?? false}
      onBlur={(event) => {
        if (event.target.value !== value) onCommit(event.target.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onCommit(event.currentTarget.value.trim());
      }}
    />
  );
}
