'use client';

import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Button } from '#components/button.tsx';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { valueText } from '#format/property-value.ts';
import { editableTypes, readValue, type EditableType, type PropertyLine } from '../profile.ts';
import { useEditProfile } from '../profile-api.ts';

export type PropertyEditorProps = {
  readonly identifier: string;
  /** Absent: a new property. */
  readonly line?: PropertyLine;
  readonly onClose: () => void;
};

const typeLabels: Readonly<Record<EditableType, string>> = {
  text: 'Text',
  number: 'Number',
  boolean: 'Yes/no',
};

/** Name, type and value of a property. Esc leaves everything as it is. */
export function PropertyEditor({ identifier, line, onClose }: PropertyEditorProps): ReactNode {
  const edit = useEditProfile(identifier);
  const [name, setName] = useState(line?.name ?? '');
  const [type, setType] = useState<EditableType>(
    line?.type === 'number' || line?.type === 'boolean' ? line.type : 'text',
  );
  const [text, setText] = useState(
    line === undefined || line.value === null ? '' : valueText(line.value),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const shown = problem ?? edit.error?.message ?? null;

  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    const read = readValue(text, type);
    if (name.trim() === '') return setProblem('a property needs a name');
    if ('problem' in read) return setProblem(read.problem);
    setProblem(null);
    const values = { [line?.name ?? name.trim()]: read.value };
    edit.mutate({ operator: '$set', values }, { onSuccess: onClose });
  };
  return (
    // Esc is for every field of the form.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      aria-label={line === undefined ? 'New property' : `Edit ${line.label}`}
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
      className="grid gap-1.5 rounded-md bg-sunken p-2"
    >
      {line === undefined ? (
        <Input
          // Whoever opens the form is about to type here.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={name}
          placeholder="Name"
          aria-label="Name"
          data-testid="property-name"
          maxLength={255}
          onChange={(event) => setName(event.target.value)}
        />
      ) : (
        <p className="text-xs text-ink-3 truncate-line">{line.label}</p>
      )}
      <div className="flex gap-1.5">
        <Select
          label="Type"
          value={type}
          options={editableTypes.map((value) => ({ value, label: typeLabels[value] }))}
          onChange={(next) => {
            setType(next);
            if (next === 'boolean') setText(text === 'true' ? 'true' : 'false');
          }}
          className="w-24 shrink-0"
        />
        {type === 'boolean' ? (
          <Select
            label="Value"
            value={text === 'true' ? 'true' : 'false'}
            options={[
              { value: 'true', label: 'Yes' },
              { value: 'false', label: 'No' },
            ]}
            onChange={setText}
            className="flex-1"
          />
        ) : (
          <Input
            // As above.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus={line !== undefined}
            value={text}
            invalid={problem !== null}
            placeholder="Value"
            aria-label="Value"
            data-testid="property-value"
            inputMode={type === 'number' ? 'decimal' : 'text'}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </div>
      {shown === null ? null : (
        <p role="alert" className="text-xs text-danger">
          {shown}
        </p>
      )}
      <div className="flex justify-end gap-1.5">
        <Button size="sm" variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button
          size="sm"
          variant="primary"
          type="submit"
          disabled={edit.isPending}
          data-testid="property-save"
        >
          {edit.isPending ? 'Saving' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
