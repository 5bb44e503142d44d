'use client';

import { useId, type ReactNode } from 'react';
import type { ColumnMapping } from '@arbor/schema/imports';
import { useProject } from '#api/project-context.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { propertyColumns } from '../import/chosen-file.ts';

export type MappingFormProps = {
  readonly columns: readonly string[];
  readonly mapping: ColumnMapping;
  readonly onChange: (mapping: ColumnMapping) => void;
};

/** Values of the lists that are no column: no column can be called like them. */
const none = '\u0000none';
const oneName = '\u0000name';

/** Which column is what; the others become properties. */
export function MappingForm({ columns, mapping, onChange }: MappingFormProps): ReactNode {
  const { timezone } = useProject();
  const options = columns.map((column) => ({ value: column, label: column }));
  const asNone = (column: string | null): string =>
    column === null || column === '' ? none : column;
  const change = (next: Partial<ColumnMapping>): void => onChange({ ...mapping, ...next });
  const { event } = mapping;
  return (
    <div className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        <Field label="Event">
          <Select
            label="Event"
            testId="map-event"
            value={event.type === 'name' ? oneName : asNone(event.column)}
            options={[{ value: oneName, label: 'One name for all rows' }, ...options]}
            onChange={(value) =>
              change({
                event:
                  value === oneName
                    ? { type: 'name', name: '' }
                    : { type: 'column', column: value },
              })
            }
          />
          {event.type === 'name' ? (
            <Input
              aria-label="Name of the event"
              placeholder="Name of the event"
              value={event.name}
              maxLength={255}
              data-testid="map-event-name"
              onChange={(input) => change({ event: { type: 'name', name: input.target.value } })}
            />
          ) : null}
        </Field>
        <Field label="Time">
          <Select
            label="Time"
            testId="map-time"
            value={asNone(mapping.time)}
            options={[{ value: none, label: 'Choose a column' }, ...options]}
            onChange={(value) => change({ time: value === none ? '' : value })}
          />
          {timezone === 'UTC' ? null : (
            <Select
              label="Times without a zone"
              look="quiet"
              value={mapping.zone}
              options={[
                { value: 'utc', label: 'Without a zone: UTC' },
                { value: 'project', label: `Without a zone: ${timezone}` },
              ]}
              onChange={(zone) => change({ zone })}
            />
          )}
        </Field>
        <Field label="User">
          <Select
            label="User"
            testId="map-user"
            value={asNone(mapping.user)}
            options={[{ value: none, label: 'Choose a column' }, ...options]}
            onChange={(value) => change({ user: value === none ? '' : value })}
          />
        </Field>
        <Field label="Id of the event">
          <Select
            label="Id of the event"
            testId="map-insert-id"
            value={asNone(mapping.insertId)}
            options={[{ value: none, label: 'Row and line' }, ...options]}
            onChange={(value) => change({ insertId: value === none ? null : value })}
          />
        </Field>
      </div>
      <LeftOut columns={columns} mapping={mapping} onChange={onChange} />
    </div>
  );
}

function Field({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="grid content-start gap-1">
      <span className="text-xs font-medium text-ink-2" aria-hidden>
        {label}
      </span>
      {children}
    </div>
  );
}

function LeftOut({ columns, mapping, onChange }: MappingFormProps): ReactNode {
  const id = useId();
  const properties = propertyColumns(columns, mapping);
  if (properties.length === 0) return null;
  const toggle = (column: string, kept: boolean): void => {
    const others = mapping.leftOut.filter((each) => each !== column);
    onChange({ ...mapping, leftOut: kept ? others : [...others, column] });
  };
  return (
    <fieldset className="grid gap-1.5" aria-labelledby={id}>
      <legend id={id} className="text-xs font-medium text-ink-2">
        Properties
      </legend>
      <ul className="flex max-h-40 flex-wrap gap-x-4 gap-y-1.5 overflow-y-auto py-1">
        {properties.map((column) => (
          <li key={column} className="flex items-center gap-1.5">
            <Checkbox
              label={`Property ${column}`}
              checked={!mapping.leftOut.includes(column)}
              onChange={(kept) => toggle(column, kept)}
            />
            <span className="break-all">{column}</span>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
