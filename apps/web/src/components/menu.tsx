import { DropdownMenu as Primitive } from 'radix-ui';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type MenuProps = {
  readonly trigger: ReactNode;
  readonly align?: 'start' | 'end';
  readonly side?: 'top' | 'bottom';
  readonly children: ReactNode;
};

const content = 'z-50 min-w-48 rounded-lg border border-line bg-raised p-1 shadow-pop animate-pop';

export function Menu({
  trigger,
  align = 'start',
  side = 'bottom',
  children,
}: MenuProps): ReactNode {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={content}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export type MenuBesideProps = {
  /** What the menu is about: it opens there, and the focus comes back to it. */
  readonly element: Element;
  readonly label: string;
  readonly testId: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** A menu that many places of a page share, each of which would else need one of its own. */
export function MenuBeside(props: MenuBesideProps): ReactNode {
  const { element } = props;
  const { left, top, width, height } = element.getBoundingClientRect();
  return (
    <Primitive.Root
      open
      modal={false}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Primitive.Trigger asChild>
        <span
          aria-hidden
          className="pointer-events-none fixed"
          style={{ left, top, width, height }}
        />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={props.label}
          aria-labelledby={undefined}
          data-testid={props.testId}
          className={content}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (element instanceof HTMLElement) element.focus();
          }}
        >
          {props.children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export type MenuItemProps = {
  readonly icon?: ReactNode;
  readonly checked?: boolean;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
};

export function MenuItem(props: MenuItemProps): ReactNode {
  return (
    <Primitive.Item
      onSelect={props.onSelect}
      disabled={props.disabled ?? false}
      className={classNames(
        'flex h-8 items-center gap-2 rounded-md px-2 text-sm outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover',
        props.danger === true ? 'text-danger' : 'text-ink',
      )}
    >
      {props.icon === undefined ? null : <span className="text-ink-3">{props.icon}</span>}
      <span className="flex-1 truncate-line">{props.children}</span>
      {props.checked === true ? <Check size={14} aria-label="chosen" /> : null}
    </Primitive.Item>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Primitive.Label className="px-2 pt-1.5 pb-1 text-2xs font-medium text-ink-3">
      {children}
    </Primitive.Label>
  );
}

export function MenuSeparator(): ReactNode {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}
