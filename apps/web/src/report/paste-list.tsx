'use client';

import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';

/** Many values at once, one a line (UX-PP2). */
export function PasteList({
  testId,
  onTake,
}: {
  readonly testId: string;
  readonly onTake: (texts: readonly string[]) => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const lines = linesOf(text);
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        className="justify-self-start"
        data-testid={testId}
        onClick={() => setOpen(true)}
      >
        Paste a list
      </Button>
      <Dialog open={open} title="Paste a list" onOpenChange={setOpen}>
        <div className="grid gap-3">
          <label className="grid gap-1">
            <span className="text-ink-2">One value a line</span>
            <textarea
              data-testid={`${testId}-text`}
              rows={8}
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="w-full rounded-md border border-line-strong/70 bg-surface p-2 text-sm"
            />
          </label>
          <Button
            variant="primary"
            className="justify-self-end"
            data-testid={`${testId}-take`}
            disabled={lines.length === 0}
            onClick={() => {
              onTake(lines);
              setText('');
              setOpen(false);
            }}
          >
            {lines.length === 1 ? 'Add 1 value' : `Add ${lines.length} values`}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}
