'use client';

import { useState, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './text-field.tsx';

export type ConfirmDialogProps = {
  readonly title: string;
  readonly confirm: string;
  readonly danger?: boolean;
  /** To be typed first: for what cannot be undone (UX-P9). */
  readonly typed?: string;
  readonly ready?: boolean;
  readonly pending: boolean;
  readonly error: string | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** Of the button that does it. */
  readonly testId?: string;
  readonly children: ReactNode;
};

/** What is about to be done, said once more before it is. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const [typed, setTyped] = useState('');
  const isReady =
    (props.ready ?? true) && !props.pending && (props.typed === undefined || typed === props.typed);
  return (
    <Dialog
      open
      title={props.title}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) props.onConfirm();
        }}
      >
        {props.children}
        {props.typed === undefined ? null : (
          <TextField
            label={`Type ${props.typed} to confirm`}
            value={typed}
            autoComplete="off"
            data-testid="confirm-typed"
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
        {props.error === null ? null : (
          <p role="alert" className="text-danger">
            {props.error}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant={props.danger === true ? 'danger' : 'primary'}
            disabled={!isReady}
            data-testid={props.testId ?? 'confirm'}
          >
            {props.confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
