'use client';

import { BookOpen, SearchX } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useRef, type ReactNode } from 'react';
import type { LexiconEntity } from '@arbor/schema/definitions';
import { Sheet } from '#components/dialog.tsx';
import { SearchField } from '#components/search-field.tsx';
import { Segmented } from '#components/segmented.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { formatCount } from '#format/number.ts';
import { FailureState } from '#report/report-states.tsx';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { useLexiconRows, type LexiconList } from '../api.ts';
import { entityInfo, filterRows, type LexiconRow } from '../lexicon.ts';
import { LexiconDetails } from './lexicon-details.tsx';
import { LexiconTable } from './lexicon-table.tsx';

const entities = ['event', 'event_property', 'person_property'] as const;
const shows = ['all', 'visible', 'hidden'] as const;

const parsers = {
  of: parseAsStringLiteral(entities).withDefault('event').withOptions({ history: 'push' }),
  show: parseAsStringLiteral(shows).withDefault('all').withOptions({ history: 'push' }),
  search: parseAsString.withDefault('').withOptions({ history: 'replace' }),
  name: parseAsString.withOptions({ history: 'push' }),
};

/** Every name in the data, and what somebody said of it (reports.md 18). */
export function Lexicon(): ReactNode {
  const [{ of, show, search, name }, setState] = useQueryStates(parsers);
  const list = useLexiconRows(of);
  const rows = filterRows(list.rows ?? [], { search, show });
  const opened = name === null ? undefined : list.rows?.find((row) => row.name === name);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2 md:px-5">
        <Segmented
          label="What"
          testId="lexicon-of"
          value={of}
          options={entities.map((value) => ({ value, label: entityInfo[value].label }))}
          onChange={(next) => void setState({ of: next, name: null })}
        />
        <Segmented
          label="Which"
          testId="lexicon-show"
          value={show}
          options={[
            { value: 'all', label: 'All' },
            { value: 'visible', label: 'Visible' },
            { value: 'hidden', label: 'Hidden' },
          ]}
          onChange={(next) => void setState({ show: next })}
        />
        <LexiconSearch value={search} onChange={(text) => void setState({ search: text })} />
        <output className="text-xs text-ink-2 tabular" data-testid="lexicon-count">
          {list.rows === undefined ? '' : formatCount(rows.length, 'name')}
        </output>
      </div>
      <LexiconBody
        list={list}
        rows={rows}
        entity={of}
        narrowed={search !== '' || show !== 'all'}
        onOpen={(row) => void setState({ name: row.name })}
      />
      <Sheet
        side="right"
        testId="panel"
        title={opened?.label ?? ''}
        open={opened !== undefined}
        onOpenChange={(open) => {
          if (!open) void setState({ name: null });
        }}
      >
        {opened === undefined ? null : (
          <LexiconDetails
            key={`${of} ${opened.name}`}
            entity={of}
            row={opened}
            onDone={() => void setState({ name: null })}
          />
        )}
      </Sheet>
    </div>
  );
}

function LexiconSearch({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (text: string) => void;
}): ReactNode {
  const ref = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Search names', () => ref.current?.focus());
  return (
    <SearchField
      ref={ref}
      label="Search names and descriptions"
      placeholder="Name or description"
      value={value}
      maxLength={255}
      data-testid="lexicon-search"
      className="min-w-40 flex-1 sm:max-w-72"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

type LexiconBodyProps = {
  readonly list: LexiconList;
  readonly rows: readonly LexiconRow[];
  readonly entity: LexiconEntity;
  /** Something was asked for that may be why there is nothing. */
  readonly narrowed: boolean;
  readonly onOpen: (row: LexiconRow) => void;
};

/** The four states: loading, failed, nothing, rows. */
function LexiconBody({ list, rows, entity, narrowed, onOpen }: LexiconBodyProps): ReactNode {
  if (list.failure !== null) return <FailureState failure={list.failure} onRetry={list.retry} />;
  if (list.rows === undefined) {
    return (
      <output className="grid content-start gap-3 px-4 py-4 md:px-5" aria-label="Loading">
        {Array.from({ length: 10 }, (_, row) => (
          <Skeleton key={row} className="h-5" />
        ))}
      </output>
    );
  }
  if (rows.length > 0) return <LexiconTable entity={entity} rows={rows} onOpen={onOpen} />;
  return narrowed ? (
    <StateMessage testId="lexicon-empty" icon={<SearchX size={20} />} title="Nothing found">
      No {entityInfo[entity].one} matches the search.
    </StateMessage>
  ) : (
    <StateMessage testId="lexicon-empty" icon={<BookOpen size={20} />} title="No names yet">
      Names appear here with the first event or user that has them.
    </StateMessage>
  );
}
