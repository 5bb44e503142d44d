'use client';

import { useState, type ReactNode } from 'react';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
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
  return (
    <ConfirmDialog
      title={props.title}
      confirm={props.confirm}
      ready={name.trim() !== ''}
      pending={props.pending}
      error={props.error}
      testId="save-confirm"
      onClose={props.onClose}
      onConfirm={() =>
        props.onSave({
          name: name.trim(),
          description,
          board: board === noBoard ? null : Number(board),
        })
      }
    >
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
    </ConfirmDialog>
  );
}
