'use client';

import {
  CirclePlus,
  CircleMinus,
  Copy,
  GitCompareArrows,
  ListTree,
  Split,
  UsersRound,
} from 'lucide-react';
import dynamic from 'next/dynamic';
import { useCallback, useState, type ReactNode } from 'react';
import { MenuBeside, MenuItem, MenuLabel, MenuSeparator } from '#components/menu.tsx';
import { useToast } from '#components/toast.tsx';
import { formatNumber } from '#format/number.ts';
import type { DrillActions, DrillTarget, ListedNumber, OpenDrill } from './listed-number.ts';

// Comes when a number is broken down: most visits of a report break none.
const BreakDownDialog = dynamic(
  () => import('./break-down-dialog.tsx').then((module) => module.BreakDownDialog),
  { ssr: false },
);

type Shown = { readonly element: Element; readonly target: DrillTarget; readonly turn: number };

export type DrillMenu = {
  readonly menu: ReactNode;
  /** Stays the same from drawing to drawing. */
  readonly open: OpenDrill;
};

/** The one menu of all numbers of a report: a table may have thousands of them. */
export function useDrillMenu(
  onList: (listed: ListedNumber) => void,
  /** What the menu of a number of this segment does to the report. */
  actionsOf: (segment: DrillTarget['segment']) => DrillActions,
): DrillMenu {
  const [shown, setShown] = useState<Shown | null>(null);
  const [broken, setBroken] = useState<DrillTarget | null>(null);
  const breakDown = broken === null ? undefined : actionsOf(broken.segment).breakDown;
  const open = useCallback<OpenDrill>(
    (element, target) => setShown((before) => ({ element, target, turn: (before?.turn ?? 0) + 1 })),
    [],
  );
  return {
    open,
    menu: (
      <>
        {shown === null ? null : (
          <NumberMenu
            key={shown.turn}
            {...shown}
            actions={actionsOf(shown.target.segment)}
            onList={onList}
            onBreakDown={() => setBroken(shown.target)}
            onClose={() => setShown((now) => (now?.turn === shown.turn ? null : now))}
          />
        )}
        {broken === null || breakDown === undefined ? null : (
          <BreakDownDialog
            title={broken.title}
            onChoose={breakDown}
            onClose={() => setBroken(null)}
          />
        )}
      </>
    ),
  };
}

function NumberMenu({
  element,
  target,
  actions,
  onList,
  onBreakDown,
  onClose,
}: Shown & {
  readonly actions: DrillActions;
  readonly onList: (listed: ListedNumber) => void;
  readonly onBreakDown: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const toast = useToast();
  const { title, lists, value } = target;
  const { narrow, breakDown, noBreakDown, compare } = actions;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(String(value));
    toast('Value copied');
  };
  return (
    <MenuBeside element={element} label={title} testId="drill-menu" onClose={onClose}>
      <MenuLabel>{title}</MenuLabel>
      {lists.map(({ label, count, ...listed }) => (
        <MenuItem
          key={label}
          icon={listed.what === 'users' ? <UsersRound size={14} /> : <ListTree size={14} />}
          onSelect={() => onList(listed)}
        >
          {label}
          {count === null ? '' : ` (${formatNumber(count)})`}
        </MenuItem>
      ))}
      <MenuSeparator />
      {breakDown === undefined ? null : (
        <MenuItem icon={<Split size={14} />} onSelect={onBreakDown}>
          Break down by…
        </MenuItem>
      )}
      {noBreakDown === undefined ? null : (
        <MenuItem disabled icon={<Split size={14} />} onSelect={() => undefined}>
          {`Break down by… (${noBreakDown})`}
        </MenuItem>
      )}
      {narrow === undefined ? null : (
        <>
          <MenuItem icon={<CirclePlus size={14} />} onSelect={narrow.only}>
            Only this
          </MenuItem>
          {narrow.without === undefined ? null : (
            <MenuItem icon={<CircleMinus size={14} />} onSelect={narrow.without}>
              Without this
            </MenuItem>
          )}
        </>
      )}
      {compare === undefined ? null : (
        <MenuItem icon={<GitCompareArrows size={14} />} onSelect={compare}>
          Compare with this
        </MenuItem>
      )}
      <MenuItem icon={<Copy size={14} />} onSelect={() => void copy()}>
        Copy value
      </MenuItem>
    </MenuBeside>
  );
}
