'use client';

import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { CopyButton } from '#components/copy-button.tsx';
import { Dialog } from '#components/dialog.tsx';

/** A secret or a link that nobody can look up again (UX-ST1). */
export function OnceShown({
  title,
  what,
  text,
  onClose,
}: {
  readonly title: string;
  /** What it is good for. */
  readonly what: string;
  readonly text: string;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Dialog
      open
      title={title}
      description={what}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <div className="grid gap-4">
        <code
          data-testid="shown-once"
          className="rounded-md border border-line bg-sunken p-3 font-mono text-xs break-all select-all"
        >
          {text}
        </code>
        <p className="text-ink-2">It is shown only now. Copy it to where it is needed.</p>
        <div className="flex justify-end gap-2">
          <CopyButton text={text} />
          <Button variant="primary" onClick={onClose} data-testid="shown-once-done">
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
