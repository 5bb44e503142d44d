'use client';

import {
  CalendarDays,
  Check,
  Link2,
  Maximize,
  MoreHorizontal,
  Pencil,
  Pin,
  PinOff,
  Plus,
  Trash2,
  Type,
  X,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { Button, IconButton } from '#components/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '#components/menu.tsx';
import { Input } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { RangePicker } from '#report/range-picker.tsx';
import type { RangeState } from '#report/range.ts';
import type { BoardEditor } from '../use-board-editor.ts';

export type BoardHeaderProps = {
  readonly editor: BoardEditor;
  readonly editing: boolean;
  readonly onEdit: (editing: boolean) => void;
  readonly range: RangeState | null;
  readonly onRange: (range: RangeState | null) => void;
  readonly onAddReport: () => void;
  readonly onAddText: () => void;
  readonly onFullScreen: () => void;
};

const saveTexts = { saved: 'Saved', saving: 'Saving', failed: 'Not saved' } as const;

/** Title, range for all reports, and the way to change the board. */
export function BoardHeader(props: BoardHeaderProps): ReactNode {
  const { editor, editing } = props;
  const { board } = editor;
  const { role } = useProject();
  return (
    <header className="sticky top-0 z-30 flex flex-wrap items-center gap-2 border-b border-line bg-canvas/95 px-4 py-2.5 backdrop-blur-sm md:px-5">
      {editing ? (
        <Input
          key={board.title}
          aria-label="Title of the board"
          data-testid="board-title-edit"
          className="max-w-90! flex-1 font-semibold"
          maxLength={255}
          defaultValue={board.title}
          onBlur={(event) => {
            const title = event.target.value.trim();
            if (title !== '' && title !== board.title) editor.change({ title });
          }}
        />
      ) : (
        <h1 className="min-w-32 flex-1 text-lg font-semibold truncate-line" title={board.title}>
          {board.title}
        </h1>
      )}
      {editing ? (
        <>
          <span className="flex-1 text-xs text-ink-3" aria-live="polite" data-testid="board-saved">
            {saveTexts[editor.state]}
          </span>
          <Button onClick={props.onAddReport} data-testid="board-add-report">
            <Plus size={14} /> Report
          </Button>
          <Button onClick={props.onAddText} data-testid="board-add-text">
            <Type size={14} /> Text
          </Button>
          <Button variant="primary" onClick={() => props.onEdit(false)} data-testid="board-done">
            <Check size={14} /> Done
          </Button>
        </>
      ) : (
        <>
          <BoardRange range={props.range} onRange={props.onRange} />
          {maySave(role) ? (
            <Button onClick={() => props.onEdit(true)} data-testid="board-edit">
              <Pencil size={14} /> Edit
            </Button>
          ) : null}
          <IconButton
            label="Full screen"
            size="md"
            onClick={props.onFullScreen}
            className="hidden! md:inline-flex!"
          >
            <Maximize size={16} />
          </IconButton>
          <BoardMenu editor={editor} />
        </>
      )}
    </header>
  );
}

/** One range for all reports in the place of their own (UX-B2). */
function BoardRange({ range, onRange }: Pick<BoardHeaderProps, 'range' | 'onRange'>): ReactNode {
  if (range === null) {
    return (
      <Button onClick={() => onRange({ preset: '30d' })} data-testid="board-range">
        <CalendarDays size={14} /> Each its own range
      </Button>
    );
  }
  return (
    <span className="flex items-center gap-1">
      <RangePicker value={range} onChange={onRange} />
      <IconButton
        label="Each report its own range"
        onClick={() => onRange(null)}
        data-testid="board-range-clear"
      >
        <X size={14} />
      </IconButton>
    </span>
  );
}

function BoardMenu({ editor }: { readonly editor: BoardEditor }): ReactNode {
  const { id: projectId, role } = useProject();
  const router = useRouter();
  const toast = useToast();
  const { pinned } = editor.board;
  const copyLink = (): void => {
    navigator.clipboard.writeText(window.location.href).then(
      () => toast('Link copied'),
      () => toast('The browser did not allow copying: take the address from its bar'),
    );
  };
  const bin = (): void => {
    editor.change({ archived: true });
    router.push(`/p/${projectId}/boards`);
    toast(`“${editor.board.title}” is in the bin`, {
      label: 'Undo',
      run: () => editor.change({ archived: false }),
    });
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="More for this board" size="md" data-testid="board-menu">
          <MoreHorizontal size={16} />
        </IconButton>
      }
    >
      <MenuItem icon={<Link2 size={14} />} onSelect={copyLink}>
        Copy link
      </MenuItem>
      {maySave(role) ? (
        <>
          <MenuItem
            icon={pinned ? <PinOff size={14} /> : <Pin size={14} />}
            onSelect={() => editor.change({ pinned: !pinned })}
          >
            {pinned ? 'Take out of the navigation' : 'Pin to the navigation'}
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger icon={<Trash2 size={14} />} onSelect={bin}>
            Move to the bin
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}
