'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';
import { Select } from '#components/select.tsx';
import { TextField } from '#components/text-field.tsx';
import { useBoardChoices } from '../api.ts';

export type SaveFields = {
  readonly name: string;
  readonly description: string;
  readonly board: number | null;
};

export type SaveDialogProps = {
  readonly title: string;
  readonly confirm: string;
  readonly name: string;
  readonly description: string;
  /** Whether a board can be chosen: not where only the name changes. */
  readonly withBoard: boolean;
  readonly pending: boolean;
  readonly error: string | null;
  readonly onSave: (fields: SaveFields) => void;
  readonly onClose: () => void;
};

const noBoard = 'none';
const nameMax = 255;

/** Name, description and board of a report (UX-SV1). */
export function SaveDialog(props: SaveDialogProps): ReactNode {
  const [name, setName] = useState(props.name.slice(0, nameMax));
  const [description, setDescription] = useState(props.description);
  const [board, setBoard] = useState(noBoard);
  const boards = useBoardChoices(props.withBoard);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    props.onSave({
      name: name.trim(),
      description,
      board: board === noBoard ? null : Number(board),
    });
  };
  return (
    <Dialog
      open
      title={props.title}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Name"
          required
          maxLength={nameMax}
          value={name}
          data-testid="save-name"
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Description"
          maxLength={10_000}
          value={description}
          data-testid="save-description"
          onChange={(event) => setDescription(event.target.value)}
        />
        {props.withBoard && boards.length > 0 ? (
          <div className="grid gap-1">
            <span className="font-medium" aria-hidden>
              Board
            </span>
            <Select
              label="Board"
              testId="save-board"
              value={board}
              options={[
                { value: noBoard, label: 'On no board' },
                ...boards.map(({ id, title }) => ({ value: String(id), label: title })),
              ]}
              onChange={setBoard}
            />
          </div>
        ) : null}
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
            variant="primary"
            disabled={props.pending || name.trim() === ''}
            data-testid="save-confirm"
          >
            {props.confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
