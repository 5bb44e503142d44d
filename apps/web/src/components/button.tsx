import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger';

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly variant?: Variant;
  readonly size?: 'sm' | 'md';
  readonly ref?: Ref<HTMLButtonElement>;
};

const base =
  'inline-flex items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none transition-colors disabled:opacity-50 disabled:cursor-not-allowed';

const variants: Record<Variant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong shadow-card',
  secondary:
    'bg-surface text-ink border border-line-strong/70 hover:bg-hover hover:border-line-strong data-[state=open]:bg-hover shadow-card',
  ghost:
    'text-ink-2 hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink',
  danger: 'bg-danger-soft text-danger hover:brightness-95',
};

const sizes = { sm: 'h-7 px-2 text-xs', md: 'h-8 px-3 text-sm' } as const;

export function Button({
  variant = 'secondary',
  size = 'md',
  className,
  type = 'button',
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type={type}
      className={classNames(base, variants[variant], sizes[size], className)}
      {...rest}
    />
  );
}

export type IconButtonProps = Omit<ButtonProps, 'aria-label'> & {
  /** Says what the button does; it is the tooltip and the accessible name. */
  readonly label: string;
  /** The key that does the same, shown in the tooltip (UX-K1). */
  readonly shortcut?: string;
};

export function IconButton({
  label,
  shortcut,
  size = 'sm',
  variant = 'ghost',
  className,
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <Button
        aria-label={label}
        size={size}
        variant={variant}
        className={classNames('shrink-0 px-0!', size === 'sm' ? 'w-7' : 'w-8', className)}
        {...rest}
      />
    </Tooltip>
  );
}
