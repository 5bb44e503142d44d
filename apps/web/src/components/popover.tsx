import { Popover as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type PopoverProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly trigger: ReactNode;
  readonly label: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly className?: string;
  readonly children: ReactNode;
};

/** A floating part beside its button. Focus moves in and returns to the button; Esc closes. */
export function Popover(props: PopoverProps): ReactNode {
  return (
    <Primitive.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Primitive.Trigger asChild>{props.trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={props.align ?? 'start'}
          sideOffset={6}
          collisionPadding={8}
          aria-label={props.label}
          className={classNames(
            'z-50 max-w-[calc(100vw-16px)] rounded-lg border border-line bg-raised shadow-pop outline-none animate-pop',
            props.className,
          )}
        >
          {props.children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
