'use client';

import { useId, useState, type ReactNode } from 'react';
import type { LexiconEntity, LexiconEntry } from '@arbor/schema/definitions';
import { useProject } from '#api/project-context.tsx';
import { mayManageData } from '#api/roles.ts';
import { Button } from '#components/button.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { dayText } from '#format/instant.ts';
import { formatNumber, noValue } from '#format/number.ts';
import { usePropertyValues } from '#report/names.ts';
import { useDescribe } from '../api.ts';
import { entityInfo, type LexiconRow } from '../lexicon.ts';

export type LexiconDetailsProps = {
  readonly entity: LexiconEntity;
  readonly row: LexiconRow;
  readonly onDone: () => void;
};

/** What is known of a name, and the form of what somebody says of it. */
export function LexiconDetails({ entity, row, onDone }: LexiconDetailsProps): ReactNode {
  const { role } = useProject();
  return (
    <div className="grid gap-5 p-4">
      <Facts entity={entity} row={row} />
      {mayManageData(role) ? (
        <EntryForm entity={entity} entry={row.entry} onDone={onDone} />
      ) : (
        <p className="whitespace-pre-wrap text-ink-2">
          {row.entry.description === '' ? 'Nobody has described it yet.' : row.entry.description}
        </p>
      )}
      {entity === 'event' ? null : <ExampleValues entity={entity} name={row.name} />}
    </div>
  );
}

function Facts({
  entity,
  row,
}: {
  readonly entity: LexiconEntity;
  readonly row: LexiconRow;
}): ReactNode {
  const day = (ms: number | null): string => (ms === null ? noValue : dayText(ms, 'UTC'));
  const facts: readonly (readonly [string, string])[] = [
    ['Kind', entityInfo[entity].one],
    ['Name as sent', row.name],
    ...(entity === 'event'
      ? ([
          ['Last 30 days', formatNumber(row.recent)],
          ['All time', formatNumber(row.count)],
          ['First seen', day(row.firstMs)],
          ['Last seen', day(row.lastMs)],
        ] as const)
      : ([
          ['All time', formatNumber(row.count)],
          ['Types', row.types.join(', ') || noValue],
        ] as const)),
  ];
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      {facts.map(([label, text]) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="break-words">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

type EntryFormProps = {
  readonly entity: LexiconEntity;
  readonly entry: LexiconEntry;
  readonly onDone: () => void;
};

function EntryForm({ entity, entry, onDone }: EntryFormProps): ReactNode {
  const id = useId();
  const describe = useDescribe();
  const toast = useToast();
  const [displayName, setDisplayName] = useState(entry.displayName ?? '');
  const [description, setDescription] = useState(entry.description);
  const [hidden, setHidden] = useState(entry.hidden);
  const save = (): void => {
    const named = displayName.trim();
    describe.mutate(
      {
        entity,
        entry: { ...entry, displayName: named === '' ? null : named, description, hidden },
      },
      {
        onSuccess: () => {
          toast(`${named === '' ? entry.name : named} is described`);
          onDone();
        },
      },
    );
  };
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextField
        label="Display name"
        hint="What pickers call it. The data keeps its name."
        value={displayName}
        maxLength={255}
        data-testid="lexicon-display-name"
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <div className="grid gap-1">
        <label htmlFor={`${id}-description`} className="font-medium">
          Description
        </label>
        <textarea
          id={`${id}-description`}
          value={description}
          rows={4}
          maxLength={10_000}
          data-testid="lexicon-description"
          onChange={(event) => setDescription(event.target.value)}
          className="rounded-md border border-line-strong/70 bg-surface px-2.5 py-1.5 shadow-card hover:border-line-strong"
        />
      </div>
      <div className="flex items-start gap-2">
        <Checkbox label="Hidden" checked={hidden} onChange={setHidden} />
        <div className="-mt-0.5">
          <p className="font-medium">Hidden</p>
          <p className="text-xs text-ink-3">
            {entity === 'event'
              ? 'Out of pickers, of “Any event”, flows and sessions. It is still stored, and found by its name.'
              : 'Out of pickers. It is still stored, and found by its name.'}
          </p>
        </div>
      </div>
      {describe.error === null ? null : (
        <p role="alert" className="text-danger">
          Not saved: {describe.error.message}.
        </p>
      )}
      <div className="flex gap-2">
        <Button
          type="submit"
          variant="primary"
          disabled={describe.isPending}
          data-testid="lexicon-save"
        >
          Save
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}

const examplesMax = 8;

function ExampleValues({
  entity,
  name,
}: {
  readonly entity: LexiconEntity;
  readonly name: string;
}): ReactNode {
  const scope = entity === 'person_property' ? 'person' : 'event';
  const { values } = usePropertyValues({ scope, name }, '', true);
  if (values.length === 0) return null;
  return (
    <section className="grid gap-1.5">
      <h2 className="font-medium">Frequent values</h2>
      <ul className="grid gap-1">
        {values.slice(0, examplesMax).map(({ text, count }) => (
          <li key={text} className="flex gap-3">
            <span className="min-w-0 flex-1 truncate-line" title={text}>
              {text}
            </span>
            <span className="text-ink-3 tabular">{formatNumber(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
