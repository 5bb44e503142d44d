'use client';

import { ChevronDown, MousePointerClick } from 'lucide-react';
import { useMemo, useRef, type ReactNode } from 'react';
import type { EventName } from '@arbor/schema/catalog';
import type { LexiconEntry } from '@arbor/schema/definitions';
import { classNames } from '#components/class-names.ts';
import { Combobox } from '#components/combobox.tsx';
import type { Option } from '#components/option-search.ts';
import { formatCompact } from '#format/number.ts';
import { anyEventLabel } from '#format/property-name.ts';
import { useDescriptions } from './lexicon.ts';
import { useEventNames } from './names.ts';
import { eventStateLabel, type EventState } from './question.ts';
import { useRecentEvents } from './recent-events.ts';

export type EventPickerProps = {
  readonly value: EventState['event'];
  readonly onChange: (event: string | null) => void;
  /** Takes further events that were chosen by Shift+Enter (UX-E4); absent where there can be one alone. */
  readonly onMore?: (event: string | null) => void;
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
  onMore,
  testId,
  label,
  look = 'field',
}: EventPickerProps): ReactNode {
  const { names, loading } = useEventNames();
  const descriptions = useDescriptions('event');
  const { recent, remember } = useRecentEvents();
  const options = useMemo(
    () => optionsOf(names ?? [], descriptions, recent),
    [names, descriptions, recent],
  );
  /** How many were taken since the list was opened. */
  const taken = useRef(0);
  const take = (event: string | null): void => {
    if (event !== null) remember(event);
    if (taken.current > 0 && onMore !== undefined) onMore(event);
    else onChange(event);
  };
  const named = typeof value === 'string' ? descriptions.get(value)?.displayName : undefined;
  const chosen = named ?? eventStateLabel({ event: value, filters: [] });
  return (
    <Combobox
      label={label ?? 'Event'}
      placeholder="Search events"
      options={options}
      loading={loading}
      isChosen={(option) => option === value}
      onSelect={take}
      onFreeText={{ describe: (text) => `Use “${text}” as event name`, take }}
      onOpenChange={() => {
        taken.current = 0;
      }}
      {...(onMore === undefined
        ? {}
        : {
            onTakeMore: (event: string | null) => {
              take(event);
              taken.current += 1;
            },
          })}
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

/** Any event first, then those chosen last, then all others by volume (UX-E1). */
function optionsOf(
  names: readonly EventName[],
  descriptions: ReadonlyMap<string, LexiconEntry>,
  recent: readonly string[],
): readonly Option<string | null>[] {
  const optionOf = ({ name, count }: EventName): Option<string | null> => {
    const { displayName = null, description = '', hidden = false } = descriptions.get(name) ?? {};
    const isRecent = recent.includes(name);
    return {
      value: name,
      label: displayName ?? name,
      ...(displayName !== null && { detail: name }),
      ...(description !== '' && { description }),
      hint: formatCompact(count),
      group: isRecent ? 'Recent' : hidden ? 'Hidden' : 'Events by volume',
      onlySearched: hidden && !isRecent,
    };
  };
  const place = ({ name }: EventName): number => {
    const at = recent.indexOf(name);
    return at < 0 ? recent.length : at;
  };
  return [
    { value: null, label: anyEventLabel },
    ...names.toSorted((a, b) => place(a) - place(b)).map(optionOf),
  ];
}
