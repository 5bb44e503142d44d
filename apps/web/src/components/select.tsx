import { Select as Primitive } from 'radix-ui';
import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type SelectProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly testId?: string;
  /** Quiet looks like text with an arrow: for parts of a sentence. */
  readonly look?: 'field' | 'quiet';
  readonly className?: string;
};

/** One of a short list. Long lists, and lists to search in, are a Combobox. */
export function Select<T extends string>(props: SelectProps<T>): ReactNode {
  return (
    <Primitive.Root
      value={props.value}
      onValueChange={(next) => {
        const option = props.options.find((candidate) => candidate.value === next);
        if (option !== undefined) props.onChange(option.value);
      }}
    >
      <Primitive.Trigger
        aria-label={props.label}
        data-testid={props.testId}
        className={classNames(
          'inline-flex min-w-0 items-center gap-1 rounded-md text-left data-[state=open]:bg-hover',
          props.look === 'quiet'
            ? 'h-7 px-1.5 text-ink-2 hover:bg-hover hover:text-ink'
            : 'h-8 border border-line-strong/70 bg-surface px-2.5 shadow-card hover:border-line-strong hover:bg-hover',
          props.className,
        )}
      >
        <span className="flex-1 truncate-line">
          <Primitive.Value />
        </span>
        <ChevronDown size={14} className="shrink-0 text-ink-3" />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-[min(360px,var(--radix-select-content-available-height))] min-w-(--radix-select-trigger-width) overflow-auto rounded-lg border border-line bg-raised p-1 shadow-pop animate-pop"
        >
          <Primitive.Viewport>
            {props.options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                className="flex h-8 items-center gap-4 rounded-md px-2 text-sm outline-none select-none data-[highlighted]:bg-hover"
              >
                <span className="flex-1">
                  <Primitive.ItemText>{option.label}</Primitive.ItemText>
                </span>
                <Primitive.ItemIndicator>
                  <Check size={14} />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
