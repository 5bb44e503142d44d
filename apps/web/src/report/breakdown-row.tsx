'use client';

import { ArrowDown, ArrowUp, Copy, GripVertical, MoreHorizontal, Trash2 } from 'lucide-react';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Menu, MenuItem } from '#components/menu.tsx';
import { breakdownLabel, isCompleteBreakdown, type BreakdownState } from './breakdown.ts';
import { BreakdownFields } from './breakdown-fields.tsx';

export type BreakdownRowProps = {
  readonly breakdown: BreakdownState;
  readonly position: number;
  readonly count: number;
  readonly dragging: boolean;
  readonly onDragStart: () => void;
  readonly onDragEnd: () => void;
  readonly onDrop: () => void;
  readonly onMove: (direction: -1 | 1) => void;
  readonly onChange: (breakdown: BreakdownState) => void;
  /** Absent when the report has as many as it takes. */
  readonly onDuplicate: (() => void) | undefined;
  readonly onRemove: () => void;
};

/** One breakdown: what it splits by, a handle to drag it or move it with the arrow keys, and a menu with the same. */
export function BreakdownRow(props: BreakdownRowProps): ReactNode {
  const { breakdown, position, count } = props;
  const rowRef = useRef<HTMLLIElement>(null);
  const complete = isCompleteBreakdown(breakdown);
  const words = `Breakdown ${position + 1}: ${breakdownLabel(breakdown)}`;
  const onHandleKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const direction = event.key === 'ArrowUp' ? -1 : 1;
    props.onMove(direction);
    // The focus follows the breakdown to its new place.
    const target = rowRef.current?.parentElement?.children[position + direction];
    target?.querySelector<HTMLElement>('[data-handle]')?.focus();
  };
  return (
    // Dropping is the way of the pointer; the handle and the menu have the same by keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      ref={rowRef}
      data-testid={`breakdown-${position}`}
      onDragOver={(event) => event.preventDefault()}
      onDrop={props.onDrop}
      className={classNames(
        'flex min-w-0 items-start gap-0.5 rounded-md border bg-sunken p-1',
        complete ? 'border-transparent' : 'border-warning/50',
        props.dragging && 'opacity-50',
      )}
    >
      <fieldset
        className="flex min-w-0 flex-1 items-start gap-0.5"
        aria-label={complete ? words : `${words}, incomplete`}
      >
        <button
          type="button"
          draggable
          data-handle
          aria-label={`Move ${words}: arrow keys up and down`}
          onDragStart={props.onDragStart}
          onDragEnd={props.onDragEnd}
          onKeyDown={onHandleKey}
          className="grid h-8 w-6 shrink-0 cursor-grab place-items-center rounded-md text-ink-3 hover:bg-hover hover:text-ink-2"
        >
          <GripVertical size={14} aria-hidden />
        </button>
        <BreakdownFields breakdown={breakdown} position={position} onChange={props.onChange} />
        <Menu
          align="end"
          trigger={
            <IconButton label={`More for ${words}`} data-testid={`breakdown-menu-${position}`}>
              <MoreHorizontal size={16} />
            </IconButton>
          }
        >
          {position === 0 ? null : (
            <MenuItem icon={<ArrowUp size={14} />} onSelect={() => props.onMove(-1)}>
              Move up
            </MenuItem>
          )}
          {position === count - 1 ? null : (
            <MenuItem icon={<ArrowDown size={14} />} onSelect={() => props.onMove(1)}>
              Move down
            </MenuItem>
          )}
          {props.onDuplicate === undefined ? null : (
            <MenuItem icon={<Copy size={14} />} onSelect={props.onDuplicate}>
              Duplicate
            </MenuItem>
          )}
          <MenuItem danger icon={<Trash2 size={14} />} onSelect={props.onRemove}>
            Remove
          </MenuItem>
        </Menu>
      </fieldset>
    </li>
  );
}
