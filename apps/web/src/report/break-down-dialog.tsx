'use client';

import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PropertyRef } from '@arbor/schema/query';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';
import { PropertyPicker } from './property-picker.tsx';

/** By which property a number is split: each of its values becomes a segment of the report. */
export function BreakDownDialog({
  title,
  onChoose,
  onClose,
}: {
  /** What the number says. */
  readonly title: string;
  readonly onChoose: (property: PropertyRef) => void;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Dialog
      open
      title="Break down"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <div className="grid justify-items-start gap-3">
        <p className="break-words">{title}</p>
        <PropertyPicker
          label="Property to break down by"
          onSelect={({ scope, name }) => {
            onChoose({ scope, name });
            onClose();
          }}
          trigger={
            <Button data-testid="drill-break-down-property">
              Choose a property <ChevronDown size={14} aria-hidden />
            </Button>
          }
        />
      </div>
    </Dialog>
  );
}
