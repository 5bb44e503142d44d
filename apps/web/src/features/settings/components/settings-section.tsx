'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { Panel } from '#report/panel.tsx';

export type SettingsSectionProps = {
  readonly title: string;
  /** What it is about, in a sentence. */
  readonly about: string;
  readonly testId: string;
  /** What is shown differs from what is saved. Absent: there is nothing to save. */
  readonly changed?: boolean;
  readonly pending?: boolean;
  readonly error?: string | null;
  /** Said before it is saved, where numbers of the past change with it (UX-ST2); null: nothing to say. */
  readonly warning?: string | null;
  readonly onSave?: () => void;
  readonly children: ReactNode;
};

/** A part of the settings that is saved by itself. */
export function SettingsSection(props: SettingsSectionProps): ReactNode {
  const { title, changed = false, pending = false, error = null, warning = null, onSave } = props;
  const [asking, setAsking] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (warning === null) onSave?.();
    else setAsking(true);
  };
  return (
    <Panel title={<h2 className="text-sm font-semibold text-ink">{title}</h2>}>
      <form className="grid gap-4 p-4" onSubmit={submit} data-testid={props.testId}>
        <p className="text-ink-2">{props.about}</p>
        {props.children}
        {error === null ? null : (
          <p role="alert" className="text-danger">
            {error}
          </p>
        )}
        {onSave === undefined ? null : (
          <div>
            <Button
              type="submit"
              variant="primary"
              disabled={!changed || pending}
              data-testid={`${props.testId}-save`}
            >
              {pending ? 'Saving' : 'Save'}
            </Button>
          </div>
        )}
      </form>
      {asking && warning !== null ? (
        <ConfirmDialog
          title={`Change ${title.toLowerCase()}`}
          confirm="Change"
          pending={pending}
          error={null}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            onSave?.();
          }}
        >
          <p>{warning}</p>
        </ConfirmDialog>
      ) : null}
    </Panel>
  );
}
