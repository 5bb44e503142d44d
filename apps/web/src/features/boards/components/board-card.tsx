'use client';

import { GripVertical, MoreHorizontal } from 'lucide-react';
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import type { BoardCard } from '@arbor/schema/boards';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Menu, MenuItem, MenuSeparator } from '#components/menu.tsx';

/** What can be done to a card while its board is edited. */
export type CardActions = {
  /** So many places on, or back. */
  readonly onMove: (by: number) => void;
  readonly onResize: (by: { readonly columns?: number; readonly rows?: number }) => void;
  readonly onRemove: () => void;
  readonly onDragStart: () => void;
  /** Another card is dragged over this one. */
  readonly onDragOver: () => void;
  readonly onDragEnd: () => void;
};

export type CardFrameProps = {
  readonly card: BoardCard;
  readonly title: ReactNode;
  /** The title in words, for those who do not see the card. */
  readonly label: string;
  /** Null while the board is only looked at. */
  readonly actions: CardActions | null;
  readonly dragged: boolean;
  readonly children: ReactNode;
};

/** From here on cards keep their width; narrower ones take half of the board at least. */
const narrowColumnsMin = 6;

/** A card in its place of the grid; on a phone one below the other. */
export function CardFrame(props: CardFrameProps): ReactNode {
  const { card, actions } = props;
  const place = {
    '--columns': card.columns,
    '--narrow': Math.max(card.columns, narrowColumnsMin),
    '--rows': card.rows,
  } as CSSProperties;
  return (
    // Where the pointer drops a card. The keyboard moves it by its handle.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      aria-label={props.label}
      data-testid="board-card"
      data-columns={card.columns}
      data-rows={card.rows}
      style={place}
      onDragOver={(event) => {
        if (actions === null) return;
        event.preventDefault();
        actions.onDragOver();
      }}
      className={classNames(
        'flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-card',
        'md:[grid-column:span_var(--narrow)] md:[grid-row:span_var(--rows)] xl:[grid-column:span_var(--columns)]',
        props.dragged && 'opacity-55',
      )}
    >
      {card.type === 'text' && actions === null ? null : (
        <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line px-3">
          {actions === null ? null : <Handle label={props.label} actions={actions} />}
          <div className="min-w-0 flex-1 font-medium truncate-line">{props.title}</div>
          {actions === null ? null : <CardMenu label={props.label} actions={actions} />}
        </header>
      )}
      <div className="min-h-0 flex-1 overflow-auto">{props.children}</div>
    </section>
  );
}

const handleHint = 'arrow keys move it, with Shift they change its size';

/** Dragged by the pointer; with the keyboard its arrow keys move and resize the card (UX-B1). */
function Handle({
  label,
  actions,
}: {
  readonly label: string;
  readonly actions: CardActions;
}): ReactNode {
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keyAction(event, actions);
    if (act === null) return;
    // Arrow keys scroll, and move the range of the board.
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <button
      type="button"
      draggable
      aria-label={`Move ${label}: ${handleHint}`}
      data-testid="card-handle"
      onKeyDown={onKeyDown}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        // Firefox drags nothing that has no data.
        event.dataTransfer.setData('text/plain', label);
        actions.onDragStart();
      }}
      onDragEnd={actions.onDragEnd}
      className="-ml-1 grid size-7 shrink-0 cursor-grab! place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
    >
      <GripVertical size={16} aria-hidden />
    </button>
  );
}

function keyAction(event: KeyboardEvent, actions: CardActions): (() => void) | null {
  const resize = event.shiftKey;
  switch (event.key) {
    case 'ArrowLeft':
      return () => (resize ? actions.onResize({ columns: -1 }) : actions.onMove(-1));
    case 'ArrowRight':
      return () => (resize ? actions.onResize({ columns: 1 }) : actions.onMove(1));
    case 'ArrowUp':
      return () => (resize ? actions.onResize({ rows: -1 }) : actions.onMove(-1));
    case 'ArrowDown':
      return () => (resize ? actions.onResize({ rows: 1 }) : actions.onMove(1));
    default:
      return null;
  }
}

function CardMenu({
  label,
  actions,
}: {
  readonly label: string;
  readonly actions: CardActions;
}): ReactNode {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`More for ${label}`} data-testid="card-menu">
          <MoreHorizontal size={16} />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => actions.onMove(-1)}>Move earlier</MenuItem>
      <MenuItem onSelect={() => actions.onMove(1)}>Move later</MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => actions.onResize({ columns: 2 })}>Wider</MenuItem>
      <MenuItem onSelect={() => actions.onResize({ columns: -2 })}>Narrower</MenuItem>
      <MenuItem onSelect={() => actions.onResize({ rows: 1 })}>Taller</MenuItem>
      <MenuItem onSelect={() => actions.onResize({ rows: -1 })}>Shorter</MenuItem>
      <MenuSeparator />
      <MenuItem danger onSelect={actions.onRemove}>
        Remove from the board
      </MenuItem>
    </Menu>
  );
}
