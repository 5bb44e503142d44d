'use client';

import { ChevronDown, MousePointerClick } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';
import { Combobox } from '#components/combobox.tsx';
import type { Option } from '#components/option-search.ts';
import { formatCompact } from '#format/number.ts';
import { anyEventLabel } from '#format/property-name.ts';
import { useDescriptions } from './lexicon.ts';
import { useEventNames } from './names.ts';
import { eventStateLabel, type EventState } from './question.ts';

export type EventPickerProps = {
  readonly value: EventState['event'];
  readonly onChange: (event: string | null) => void;
  readonly testId: string;
  readonly label?: string;
  readonly look?: 'field' | 'quiet';
};

/**
 * Which event: any, one of those that arrived, or a name that has not arrived yet (UX-E5). Hidden ones are found by those
 * who search for them (reports.md 18).
 */
export function EventPicker({
  value,
  onChange,
  testId,
  label,
  look = 'field',
}: EventPickerProps): ReactNode {
  const { names, loading } = useEventNames();
  const descriptions = useDescriptions('event');
  const options = useMemo(
    (): readonly Option<string | null>[] => [
      { value: null, label: anyEventLabel },
      ...(names ?? []).map(({ name, count }) => {
        const { displayName = null, hidden = false } = descriptions.get(name) ?? {};
        return {
          value: name,
          label: displayName ?? name,
          ...(displayName !== null && { detail: name }),
          hint: formatCompact(count),
          group: hidden ? 'Hidden' : 'Events by volume',
          onlySearched: hidden,
        };
      }),
    ],
    [names, descriptions],
  );
  const named = typeof value === 'string' ? descriptions.get(value)?.displayName : undefined;
  const chosen = named ?? eventStateLabel({ event: value, filters: [] });
  return (
    <Combobox
      label={label ?? 'Event'}
      placeholder="Search events"
      options={options}
      loading={loading}
      isChosen={(option) => option === value}
      onSelect={onChange}
      onFreeText={{ describe: (text) => `Use “${text}” as event name`, take: onChange }}
      trigger={
        <button
          type="button"
          data-testid={testId}
          aria-label={`${label ?? 'Event'}: ${chosen}`}
          className={classNames(
            'flex h-8 min-w-0 items-center gap-2 rounded-md font-medium data-[state=open]:bg-hover',
            look === 'field'
              ? 'flex-1 border border-line-strong/70 bg-surface px-2.5 text-left shadow-card hover:border-line-strong hover:bg-hover'
              : 'bg-accent-soft px-2 text-accent hover:brightness-97',
            value === undefined && 'font-normal text-ink-3',
          )}
        >
          {look === 'field' ? (
            <MousePointerClick size={14} className="shrink-0 text-ink-3" aria-hidden />
          ) : null}
          <span className="flex-1 truncate-line">{chosen}</span>
          <ChevronDown size={14} className="shrink-0 opacity-60" aria-hidden />
        </button>
      }
    />
  );
}
