'use client';

import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';
import { PropertyPicker } from '#report/property-picker.tsx';
import { withExpanded, type FlowState } from '../state.ts';

/** By which property an event is told apart: a step for each of its values (UX-FL3). */
export function ExpandDialog({
  event,
  state,
  onChange,
  onClose,
}: {
  readonly event: string;
  readonly state: FlowState;
  readonly onChange: (change: Partial<FlowState>) => void;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Dialog
      open
      title={`Expand ${event}`}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <div className="grid justify-items-start gap-3">
        <p>Each value of the property becomes a step of its own.</p>
        <PropertyPicker
          label="Property to expand by"
          accepts={isOfEvents}
          onSelect={({ scope, name }) => {
            onChange(withExpanded(state, event, { scope, name }));
            onClose();
          }}
          trigger={
            <Button data-testid="flow-expand-property">
              Choose a property <ChevronDown size={14} aria-hidden />
            </Button>
          }
        />
      </div>
    </Dialog>
  );
}

const isOfEvents = ({ scope }: { readonly scope: string }): boolean => scope === 'event';
