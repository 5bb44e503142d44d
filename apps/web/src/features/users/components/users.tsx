'use client';

import { SearchX, UsersRound } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { SearchField } from '#components/search-field.tsx';
import { Segmented } from '#components/segmented.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { formatCount } from '#format/number.ts';
import { FailureState } from '#report/report-states.tsx';
import { useUrlState } from '#report/url-state.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { useUserList, type UserList } from '../api.ts';
import { initialUsers, usersRequest, usersStateSchema, type UsersState } from '../list.ts';
import { nobody, type Chosen } from '../selection.ts';
import { useSettled } from '../use-settled.ts';
import { ChoiceBar } from './choice-bar.tsx';
import { ColumnPicker } from './column-picker.tsx';
import { AddCondition, ConditionList } from '#report/condition-list.tsx';
import { ExportButton } from './export-button.tsx';
import { ImportPeople } from './import-people.tsx';
import { SaveCohortButton } from './save-cohort-button.tsx';
import { UsersTable } from './users-table.tsx';

const settleMs = 150;
const searchParser = parseAsString
  .withDefault('')
  .withOptions({ history: 'replace', throttleMs: 300 });

/** Everybody, or who is looked for: search, conditions, columns, sort (UX-U1). */
export function Users(): ReactNode {
  const [state, setState] = useUrlState(usersStateSchema, initialUsers);
  const [search, setSearch] = useQueryState('search', searchParser);
  const settled = useSettled(search, settleMs).trim();
  const list = useUserList(state, settled);
  const request = usersRequest(state, settled);
  // Whoever is not among the rows any more is not chosen any more: nothing happens to users who are out of sight.
  const question = JSON.stringify([settled, state.who, state.conditions]);
  const [choice, setChoice] = useState({ question, users: nobody });
  const chosen = choice.question === question ? choice.users : nobody;
  const choose = (users: Chosen): void => setChoice({ question, users });
  const isNarrowed = settled !== '' || state.conditions.length > 0 || state.who !== 'all';
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="grid gap-2 border-b border-line bg-surface px-4 pt-3 pb-2.5 md:px-5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="text-base font-semibold">Users</h1>
          <output className="text-xs text-ink-2 tabular" data-testid="users-count">
            {list.total === null ? '' : formatCount(list.total, 'user')}
          </output>
          <span className="flex-1" />
          <ColumnPicker columns={state.columns} onChange={(columns) => setState({ columns })} />
          <SaveCohortButton conditions={state.conditions} />
          <ExportButton request={request} testId="users-csv" />
          <ImportPeople />
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <UserSearch value={search} onChange={(text) => void setSearch(text)} />
          <Segmented
            label="Which users"
            testId="users-who"
            value={state.who}
            options={[
              { value: 'all', label: 'All users' },
              { value: 'profiles', label: 'With a profile' },
            ]}
            onChange={(who) => setState({ who })}
          />
          <AddCondition
            onAdd={(condition) => setState({ conditions: [...state.conditions, condition] })}
          />
        </div>
        <ChoiceBar
          chosen={chosen}
          shown={(list.rows ?? []).map(({ user }) => user)}
          request={request}
          onChange={choose}
        />
        {state.conditions.length === 0 ? null : (
          <div className="max-h-[40vh] overflow-y-auto">
            <ConditionList
              conditions={state.conditions}
              onChange={(conditions) => setState({ conditions })}
            />
          </div>
        )}
      </header>
      <UserRows
        list={list}
        state={state}
        chosen={chosen}
        onChoose={choose}
        narrowed={isNarrowed}
        onSort={(sort) => setState({ sort })}
        onWiden={() => {
          setState({ who: 'all', conditions: [] });
          void setSearch('');
        }}
      />
    </div>
  );
}

function UserSearch({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (text: string) => void;
}): ReactNode {
  const ref = useRef<HTMLInputElement>(null);
  useShortcut('/', 'Search users', () => ref.current?.focus());
  const toRows = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    document.querySelector<HTMLElement>('[data-testid="users-table"] a')?.focus();
  };
  return (
    <SearchField
      ref={ref}
      label="Search by name, e-mail or identifier"
      value={value}
      maxLength={255}
      placeholder="Name, e-mail or identifier"
      data-testid="users-search"
      className="min-w-48 flex-1 basis-64 sm:max-w-80"
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={toRows}
    />
  );
}

type UserRowsProps = {
  readonly list: UserList;
  readonly state: UsersState;
  readonly chosen: Chosen;
  readonly onChoose: (chosen: Chosen) => void;
  /** Something was asked for that may be why there is nobody. */
  readonly narrowed: boolean;
  readonly onSort: (sort: UsersState['sort']) => void;
  readonly onWiden: () => void;
};

/** The four states of the list: loading, failed, nobody, rows. */
function UserRows({ list, narrowed, onWiden, ...table }: UserRowsProps): ReactNode {
  if (list.failure !== null && (list.rows === undefined || list.outdated)) {
    return <FailureState failure={list.failure} onRetry={list.retry} />;
  }
  if (list.rows === undefined) return <RowsSkeleton />;
  if (list.rows.length > 0) return <UsersTable list={list} {...table} />;
  return narrowed ? (
    <StateMessage
      testId="users-empty"
      icon={<SearchX size={20} />}
      title="Nobody matches"
      actions={<Button onClick={onWiden}>Show all users</Button>}
    >
      No user passes the search and the conditions.
    </StateMessage>
  ) : (
    <StateMessage testId="users-empty" icon={<UsersRound size={20} />} title="No users yet">
      Users appear here with their first event or profile.
    </StateMessage>
  );
}

function RowsSkeleton(): ReactNode {
  return (
    <output className="grid content-start gap-3 px-4 py-4 md:px-5" aria-label="Loading">
      {Array.from({ length: 12 }, (_, row) => (
        <Skeleton key={row} className="h-5" />
      ))}
    </output>
  );
}
