'use client';

import { ArrowLeft, FileWarning } from 'lucide-react';
import { useQueryState } from 'nuqs';
import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { SearchField } from '#components/search-field.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { useApiDescription } from '../api.ts';
import { searched, type ApiDescription, type ApiGroup } from '../model.ts';
import { Method } from './method.tsx';
import { Operation } from './operation.tsx';
import { Overview } from './overview.tsx';

/** Every request of the API, from the document that describes it, each to be tried. What is shown is in the URL. */
export function ApiDocs({ apiUrl }: { readonly apiUrl: string }): ReactNode {
  const { data, error, refetch } = useApiDescription();
  if (error !== null) {
    return (
      <StateMessage
        icon={<FileWarning size={18} />}
        title="The API cannot be described now"
        tone="danger"
        testId="api-failed"
        actions={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {error.message}
      </StateMessage>
    );
  }
  if (data === undefined) {
    return (
      <div className="grid gap-3 p-4 md:p-6" aria-busy>
        <Skeleton className="h-8 w-64" />
        <Skeleton className="h-64" />
      </div>
    );
  }
  return <Described description={data} apiUrl={apiUrl} />;
}

function Described({
  description,
  apiUrl,
}: {
  readonly description: ApiDescription;
  readonly apiUrl: string;
}): ReactNode {
  const [chosen, choose] = useQueryState('request', { history: 'push' });
  const operation = description.groups
    .flatMap(({ operations }) => operations)
    .find(({ id }) => id === chosen);
  const open = operation !== undefined;
  return (
    <div className="flex h-full min-h-0" data-testid="api-docs">
      <RequestList
        groups={description.groups}
        chosen={operation?.id ?? null}
        onChoose={(id) => void choose(id)}
        hiddenOnPhone={open}
      />
      <div
        className={classNames('min-w-0 flex-1 overflow-y-auto', !open && 'hidden md:block')}
        data-testid="api-detail"
      >
        <div className="mx-auto grid max-w-3xl gap-5 px-4 py-6 md:px-6 md:py-8">
          {operation === undefined ? (
            <Overview apiUrl={apiUrl} errors={description.errors} />
          ) : (
            <>
              <Button
                variant="ghost"
                size="sm"
                className="justify-self-start md:hidden"
                onClick={() => void choose(null)}
              >
                <ArrowLeft size={14} /> All requests
              </Button>
              {/* Another request begins with fields of its own. */}
              <Operation key={operation.id} operation={operation} apiUrl={apiUrl} />
            </>
          )}
        </div>
      </div>
    </div>
  );
}

type RequestListProps = {
  readonly groups: readonly ApiGroup[];
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
  readonly hiddenOnPhone: boolean;
};

function RequestList({ groups, chosen, onChoose, hiddenOnPhone }: RequestListProps): ReactNode {
  const [search, setSearch] = useState('');
  const shown = searched(groups, search);
  return (
    <nav
      aria-label="Requests"
      className={classNames(
        'w-full shrink-0 flex-col border-line bg-surface md:flex md:w-80 md:border-r',
        hiddenOnPhone ? 'hidden' : 'flex',
      )}
    >
      <div className="grid gap-3 border-b border-line p-3">
        <button
          type="button"
          onClick={() => onChoose(null)}
          className="text-left text-lg font-semibold hover:text-accent"
        >
          API
        </button>
        <SearchField
          label="Search requests"
          placeholder="Search requests"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {shown.length === 0 ? (
          <p className="px-2 py-6 text-center text-ink-3">No request is called like that</p>
        ) : (
          shown.map((group) => (
            <RequestGroup key={group.name} group={group} chosen={chosen} onChoose={onChoose} />
          ))
        )}
      </div>
    </nav>
  );
}

function RequestGroup({
  group: { name, operations },
  chosen,
  onChoose,
}: {
  readonly group: ApiGroup;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  return (
    <section aria-label={name} className="pb-2">
      <h2 className="px-2 py-1.5 text-2xs font-medium text-ink-3">{name}</h2>
      <ul>
        {operations.map(({ id, method, summary }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => onChoose(id)}
              aria-current={id === chosen ? 'true' : undefined}
              data-testid={`api-request-${id}`}
              className={classNames(
                'flex min-h-8 w-full items-baseline gap-2 rounded-md px-2 py-1.5 text-left',
                id === chosen ? 'bg-accent-soft text-accent' : 'hover:bg-hover',
              )}
            >
              <Method method={method} />
              <span className="min-w-0 flex-1">{summary}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
