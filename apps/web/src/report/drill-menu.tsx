'use client';

import { CirclePlus, CircleMinus, Copy, ListTree, UsersRound } from 'lucide-react';
import { useCallback, useState, type ReactNode } from 'react';
import { MenuBeside, MenuItem, MenuLabel, MenuSeparator } from '#components/menu.tsx';
import { useToast } from '#components/toast.tsx';
import { formatNumber } from '#format/number.ts';
import type { DrillTarget, ListedNumber, OpenDrill } from './listed-number.ts';

type Shown = { readonly element: Element; readonly target: DrillTarget; readonly turn: number };

export type DrillMenu = {
  readonly menu: ReactNode;
  /** Stays the same from drawing to drawing. */
  readonly open: OpenDrill;
};

/** The one menu of all numbers of a report: a table may have thousands of them. */
export function useDrillMenu(onList: (listed: ListedNumber) => void): DrillMenu {
  const [shown, setShown] = useState<Shown | null>(null);
  const open = useCallback<OpenDrill>(
    (element, target) => setShown((before) => ({ element, target, turn: (before?.turn ?? 0) + 1 })),
    [],
  );
  return {
    open,
    menu:
      shown === null ? null : (
        <NumberMenu
          key={shown.turn}
          {...shown}
          onList={onList}
          onClose={() => setShown((now) => (now?.turn === shown.turn ? null : now))}
        />
      ),
  };
}

function NumberMenu({
  element,
  target,
  onList,
  onClose,
}: Shown & {
  readonly onList: (listed: ListedNumber) => void;
  readonly onClose: () => void;
}): ReactNode {
  const toast = useToast();
  const { title, lists, narrow, value } = target;
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
      {narrow === undefined ? null : (
        <>
          <MenuItem icon={<CirclePlus size={14} />} onSelect={narrow.only}>
            Only this
          </MenuItem>
          <MenuItem icon={<CircleMinus size={14} />} onSelect={narrow.without}>
            Without this
          </MenuItem>
        </>
      )}
      <MenuItem icon={<Copy size={14} />} onSelect={() => void copy()}>
        Copy value
      </MenuItem>
    </MenuBeside>
  );
}
