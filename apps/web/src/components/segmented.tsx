import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

export type SegmentedProps<T extends string> = {
  readonly label: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    /** Shown instead of the label, which then is the tooltip. */
    readonly icon?: ReactNode;
  }[];
  readonly onChange: (value: T) => void;
  readonly testId?: string;
};

/** One of a few, all of them visible. Arrow keys move between them. */
export function Segmented<T extends string>(props: SegmentedProps<T>): ReactNode {
  return (
    <ToggleGroup.Root
      type="single"
      value={props.value}
      aria-label={props.label}
      data-testid={props.testId}
      onValueChange={(next) => {
        const option = props.options.find((candidate) => candidate.value === next);
        if (option !== undefined) props.onChange(option.value);
      }}
      className="inline-flex h-8 shrink-0 rounded-md border border-line bg-sunken p-0.5"
    >
      {props.options.map((option) => {
        const item = (
          <ToggleGroup.Item
            key={option.value}
            value={option.value}
            aria-label={option.label}
            data-testid={props.testId === undefined ? undefined : `${props.testId}-${option.value}`}
            className={classNames(
              'grid h-full min-w-8 place-items-center rounded-sm px-2 text-xs font-medium text-ink-2 hover:text-ink',
              // Not data-state: a tooltip around the item writes its own state there.
              'aria-checked:bg-selected aria-checked:text-ink aria-checked:shadow-card',
            )}
          >
            {option.icon ?? option.label}
          </ToggleGroup.Item>
        );
        return option.icon === undefined ? (
          item
        ) : (
          <Tooltip key={option.value} label={option.label}>
            {item}
          </Tooltip>
        );
      })}
    </ToggleGroup.Root>
  );
}
