'use client';

import type { ReactNode } from 'react';
import { Dialog } from '#components/dialog.tsx';
import { Kbd } from '#components/kbd.tsx';
import { useShortcutList } from '#shortcuts/shortcuts.tsx';

const printed: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→' };

export type ShortcutHelpProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Exactly the shortcuts that work on this page right now. */
export function ShortcutHelp({ open, onOpenChange }: ShortcutHelpProps): ReactNode {
  const list = useShortcutList();
  const shortcuts = [
    ...(open ? list() : []),
    { keys: 'Ctrl K', description: 'Search and commands' },
    { keys: 'Esc', description: 'Close what is open' },
  ];
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Shortcuts">
      <dl className="grid gap-px" data-testid="shortcut-help">
        {shortcuts.map(({ keys, description }) => (
          <div key={`${keys} ${description}`} className="flex h-8 items-center gap-4">
            <dt className="flex-1 text-ink-2">{description}</dt>
            <dd aria-label={keys}>
              <Kbd keys={printed[keys] ?? keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
