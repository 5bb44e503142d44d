import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import { classNames } from './class-names.ts';

export type InputProps = InputHTMLAttributes<HTMLInputElement> & {
  readonly invalid?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
};

export function Input({ invalid = false, className, ...rest }: InputProps): ReactNode {
  return (
    <input
      aria-invalid={invalid || undefined}
      className={classNames(
        'h-8 w-full min-w-0 rounded-md border bg-surface px-2.5 text-sm text-ink shadow-card placeholder:text-ink-3',
        invalid ? 'border-danger' : 'border-line-strong/70 hover:border-line-strong',
        className,
      )}
      {...rest}
    />
  );
}

export type TextFieldProps = InputProps & {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
};

/** An input with its label above, and a hint or what is wrong below. */
export function TextField({ label, hint, error, ...input }: TextFieldProps): ReactNode {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <Input
        id={id}
        invalid={error !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        {...input}
      />
      {note === undefined ? null : (
        <p
          id={`${id}-note`}
          className={classNames('text-xs', error === undefined ? 'text-ink-3' : 'text-danger')}
        >
          {note}
        </p>
      )}
    </div>
  );
}
