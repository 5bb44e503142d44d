import { Dialog as Primitive } from 'radix-ui';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';

export type DialogProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string;
  readonly children: ReactNode;
};

const overlay = 'fixed inset-0 z-40 bg-black/30 animate-fade';

/** A question or a short form in the middle of the page. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
}: DialogProps): ReactNode {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className="fixed top-[12vh] left-1/2 z-50 max-h-[80vh] w-[min(480px,calc(100vw-32px))] -translate-x-1/2 overflow-auto rounded-lg border border-line bg-raised shadow-pop animate-pop"
        >
          <header className="flex items-start gap-3 px-5 pt-4">
            <div className="flex-1">
              <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
              {description === undefined ? null : (
                <Primitive.Description className="text-ink-2">{description}</Primitive.Description>
              )}
            </div>
            <CloseButton />
          </header>
          <div className="px-5 pt-3 pb-5">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export type SheetProps = Omit<DialogProps, 'description'> & {
  readonly side: 'right' | 'bottom';
  readonly testId?: string;
  /** False leaves the page behind usable: for panels of details beside a list. */
  readonly modal?: boolean;
};

/** A panel that slides in from the right (details) or from below (builders on small screens). */
export function Sheet(props: SheetProps): ReactNode {
  const modal = props.modal ?? true;
  return (
    <Primitive.Root open={props.open} onOpenChange={props.onOpenChange} modal={modal}>
      <Primitive.Portal>
        {modal ? <Primitive.Overlay className={overlay} /> : null}
        <Primitive.Content
          aria-describedby={undefined}
          data-testid={props.testId}
          onInteractOutside={modal ? undefined : (event) => event.preventDefault()}
          className={classNames(
            'fixed z-50 flex flex-col border-line bg-raised shadow-pop outline-none',
            props.side === 'right'
              ? 'inset-y-0 right-0 w-[min(480px,100vw)] border-l animate-sheet-in'
              : 'inset-x-0 bottom-0 max-h-[85dvh] rounded-t-lg border-t animate-sheet-up',
          )}
        >
          <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
            <Primitive.Title className="flex-1 font-semibold truncate-line">
              {props.title}
            </Primitive.Title>
            <CloseButton />
          </header>
          <div className="min-h-0 flex-1 overflow-auto">{props.children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Without a tooltip: it would open with the dialog, on the focused button, and take the first Esc. */
function CloseButton(): ReactNode {
  return (
    <Primitive.Close asChild>
      <Button variant="ghost" size="sm" aria-label="Close" className="w-7 px-0!">
        <X size={16} />
      </Button>
    </Primitive.Close>
  );
}
