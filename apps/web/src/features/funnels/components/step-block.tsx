'use client';

import { GripVertical, X } from 'lucide-react';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { EventPicker } from '#report/event-picker.tsx';
import { FilterList } from '#report/filter-list.tsx';
import { eventStateLabel, type EventState } from '#report/question.ts';

export type StepBlockProps = {
  readonly step: EventState;
  readonly position: number;
  readonly dragging: boolean;
  readonly onDragStart: () => void;
  readonly onDragEnd: () => void;
  readonly onDrop: () => void;
  readonly onMove: (direction: -1 | 1) => void;
  readonly onChange: (step: EventState) => void;
  /** Makes a step of a further event. */
  readonly onMore: (event: string | null) => void;
  /** Absent while there are only two: a funnel has at least that many. */
  readonly onRemove: (() => void) | undefined;
};

/** One step: its event, its filters, and a handle to drag it or to move it with the arrow keys. */
export function StepBlock(props: StepBlockProps): ReactNode {
  const { step, position, onChange } = props;
  const blockRef = useRef<HTMLLIElement>(null);
  const onHandleKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const direction = event.key === 'ArrowUp' ? -1 : 1;
    props.onMove(direction);
    // The focus follows the step to its new place.
    const list = blockRef.current?.parentElement;
    const target = list?.children[position + direction];
    target?.querySelector<HTMLElement>('[data-handle]')?.focus();
  };
  return (
    // Dropping is the way of the pointer; the handle inside has the same by arrow keys.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      ref={blockRef}
      data-testid={`step-${position}`}
      onDragOver={(event) => event.preventDefault()}
      onDrop={props.onDrop}
      className={classNames(
        'grid gap-1.5 rounded-lg border border-line bg-surface p-2',
        props.dragging && 'opacity-50',
      )}
    >
      <div className="flex items-center gap-1">
        <button
          type="button"
          draggable
          data-handle
          aria-label={`Move step ${position + 1}, ${eventStateLabel(step)}: arrow keys up and down`}
          onDragStart={props.onDragStart}
          onDragEnd={props.onDragEnd}
          onKeyDown={onHandleKey}
          className="flex h-7 shrink-0 cursor-grab items-center rounded-md pr-1 text-ink-3 hover:bg-hover hover:text-ink-2"
        >
          <GripVertical size={14} aria-hidden />
          <span className="w-4 text-center text-xs font-semibold tabular">{position + 1}</span>
        </button>
        <EventPicker
          value={step.event}
          label={`Step ${position + 1}`}
          testId={`event-picker-${position}`}
          onChange={(event) => onChange({ ...step, event })}
          onMore={props.onMore}
        />
        {props.onRemove === undefined ? null : (
          <IconButton
            label={`Remove step ${position + 1}`}
            data-testid={`step-remove-${position}`}
            onClick={props.onRemove}
          >
            <X size={14} />
          </IconButton>
        )}
      </div>
      {step.event === undefined ? null : (
        <FilterList
          filters={step.filters}
          testId={`step-${position}-filter`}
          onChange={(filters) => onChange({ ...step, filters })}
        />
      )}
    </li>
  );
}
