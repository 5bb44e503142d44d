'use client';

import { Anchor, EyeOff, Split, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '#components/menu.tsx';
import { formatNumber, formatPercent } from '#format/number.ts';
import { barWidth, slotHeightMin, type FlowNode } from '../layout.ts';
import { pointOf, type FlowView } from '../model.ts';
import { countingNouns, withHidden, type FlowState } from '../state.ts';

export type FlowNodeButtonProps = {
  readonly node: FlowNode;
  readonly asked: FlowState;
  readonly slotWidth: number;
  readonly dimmed: boolean;
  readonly onPoint: (on: boolean) => void;
  /** Its menu; without one the bar is only looked at. */
  readonly children: ReactNode;
};

/** Bands run below the names: what is near a letter is of the ground. */
const halo = {
  textShadow: '0 0 3px var(--surface), 0 0 3px var(--surface), 0 0 5px var(--surface)',
};

/** A bar with its name and count; its menu leads to the users behind it, or changes what is shown. */
export function FlowNodeButton(props: FlowNodeButtonProps): ReactNode {
  const { node, asked, onPoint } = props;
  const [one, many] = countingNouns[asked.counting];
  const noun = node.count === 1 ? one : many;
  const bar = (
    <button
      type="button"
      data-testid="flow-node"
      data-column={`${node.anchor} ${node.step}`}
      data-kind={node.kind}
      data-count={node.count}
      aria-label={`${node.name}: ${formatNumber(node.count)} ${noun}, ${formatPercent(node.share)}`}
      title={node.name}
      style={{
        left: node.x,
        top: node.y,
        width: props.slotWidth,
        minHeight: Math.max(node.height, slotHeightMin),
      }}
      className={classNames(
        'absolute flex items-start gap-2 rounded-sm text-left transition-opacity',
        props.dimmed && 'opacity-40',
      )}
      onPointerEnter={() => onPoint(true)}
      onPointerLeave={() => onPoint(false)}
      onFocus={() => onPoint(true)}
      onBlur={() => onPoint(false)}
    >
      <span
        aria-hidden
        style={{
          width: barWidth,
          height: node.height,
          ...(node.kind === 'dropped' ? {} : { background: node.colour }),
        }}
        className={classNames(
          'shrink-0 rounded-[2px]',
          node.kind === 'dropped' && 'border border-dashed border-line-strong hatched',
        )}
      />
      <span className="grid min-w-0 flex-1" style={halo}>
        <span
          className={classNames(
            'font-medium truncate-line',
            node.kind === 'event' ? 'text-ink' : 'text-ink-2',
          )}
        >
          {node.name}
        </span>
        <span className="text-xs text-ink-2 tabular">
          <span data-testid="flow-node-count">{formatNumber(node.count)}</span> ·{' '}
          {formatPercent(node.share)}
        </span>
      </span>
    </button>
  );
  return props.children === undefined ? bar : <Menu trigger={bar}>{props.children}</Menu>;
}

export type FlowNodeMenuProps = {
  readonly node: FlowNode;
  readonly state: FlowState;
  readonly asked: FlowState;
  readonly view: FlowView;
  readonly onChange: (change: Partial<FlowState>) => void;
  /** An event is to be told apart by a property. */
  readonly onExpand: (event: string) => void;
};

export function FlowNodeMenu({
  node,
  state,
  asked,
  view,
  onChange,
  onExpand,
}: FlowNodeMenuProps): ReactNode {
  const { event } = node;
  // Of paths and sessions one user may have several: the list has each user once.
  const howMany = asked.counting === 'unique' ? ` (${formatNumber(node.count)})` : '';
  return (
    <>
      <MenuLabel>{node.name}</MenuLabel>
      <MenuItem
        icon={<UsersRound size={14} />}
        onSelect={() => onChange({ opened: pointOf(node, view.segment), openedList: 'users' })}
      >
        View users{howMany}
      </MenuItem>
      {event === null ? null : (
        <>
          <MenuSeparator />
          <MenuItem icon={<Split size={14} />} onSelect={() => onExpand(event)}>
            Expand by a property
          </MenuItem>
          {node.step === 0 ? null : (
            <>
              <MenuItem
                icon={<EyeOff size={14} />}
                onSelect={() => onChange(withHidden(state, event))}
              >
                Hide this event
              </MenuItem>
              <MenuItem
                icon={<Anchor size={14} />}
                onSelect={() =>
                  onChange({
                    anchors: [{ event, filters: [], before: 0, after: 3 }],
                    hidden: state.hidden.filter((each) => each !== event),
                    segment: null,
                    opened: null,
                  })
                }
              >
                Begin the flow here
              </MenuItem>
            </>
          )}
        </>
      )}
      {node.kind === 'other' && state.rows < 20 ? (
        <MenuItem onSelect={() => onChange({ rows: Math.min(20, state.rows + 5), opened: null })}>
          Show more events
        </MenuItem>
      ) : null}
    </>
  );
}
