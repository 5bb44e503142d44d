'use client';

import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { useToast } from '#components/toast.tsx';
import { useOpenedReport, type ReportTitleProps } from '#report/saving.tsx';
import { useChangeReport } from '../api.ts';

/** As long as the API takes names. */
const nameMax = 255;

/** The name of a report, changed where it stands (UX-R4): that of a saved one at once, another's with its first save. */
export function ReportTitle({ name, onName }: ReportTitleProps): ReactNode {
  const { role } = useProject();
  const opened = useOpenedReport();
  const change = useChangeReport(opened?.id ?? 0);
  const toast = useToast();
  const [editing, setEditing] = useState(false);
  if (!maySave(role)) return name;
  const rename = (next: string): void => {
    setEditing(false);
    const text = next.trim();
    if (text === name) return;
    if (opened === null) onName(text);
    else if (text !== '') {
      change.mutate(
        { version: opened.version, name: text },
        { onError: (error) => toast(error.message) },
      );
    }
  };
  if (editing) {
    return <NameField name={name} onDone={rename} onCancel={() => setEditing(false)} />;
  }
  return (
    <button
      type="button"
      title="Change the name"
      data-testid="report-rename"
      className="-mx-1 max-w-full rounded-sm px-1 text-left truncate-line hover:bg-hover"
      onClick={() => setEditing(true)}
    >
      {/* What the server has not answered yet is shown as it was typed. */}
      {change.isPending ? (change.variables.name ?? name) : name}
    </button>
  );
}

function NameField({
  name,
  onDone,
  onCancel,
}: {
  readonly name: string;
  readonly onDone: (name: string) => void;
  readonly onCancel: () => void;
}): ReactNode {
  // The field loses its focus when it goes: that must not take what Esc has left.
  const isOver = useRef(false);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    isOver.current = true;
    if (event.key === 'Enter') onDone(event.currentTarget.value);
    else onCancel();
  };
  return (
    <input
      // The person has just asked for it, where it stands.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      aria-label="Name of the report"
      data-testid="report-name"
      defaultValue={name}
      maxLength={nameMax}
      className="-mx-1 w-full rounded-sm border border-accent bg-surface px-1 outline-none"
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (!isOver.current) onDone(event.currentTarget.value);
      }}
    />
  );
}
