import { Checkbox as Primitive } from 'radix-ui';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

export type CheckboxProps = {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Fills the box when it is checked: the colour of a series. */
  readonly colour?: string;
};

export function Checkbox({ label, checked, onChange, colour }: CheckboxProps): ReactNode {
  return (
    <Primitive.Root
      checked={checked}
      onCheckedChange={(next) => onChange(next === true)}
      aria-label={label}
      style={checked ? { background: colour ?? 'var(--accent)', borderColor: 'transparent' } : {}}
      className="relative grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong bg-surface text-surface after:absolute after:-inset-1"
    >
      <Primitive.Indicator>
        <Check size={12} strokeWidth={3} />
      </Primitive.Indicator>
    </Primitive.Root>
  );
}
