import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type StateMessageProps = {
  readonly icon: ReactNode;
  readonly title: string;
  readonly tone?: 'neutral' | 'danger';
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly testId?: string;
  /** The message is all there is on the page. */
  readonly wholePage?: boolean;
};

/** Why there is nothing to see here, and what to do about it. Empty and broken must not look alike. */
export function StateMessage(props: StateMessageProps): ReactNode {
  const danger = props.tone === 'danger';
  const Title = props.wholePage === true ? 'h1' : 'p';
  return (
    <div
      data-testid={props.testId}
      role={danger ? 'alert' : 'status'}
      className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-10 text-center"
    >
      <span
        className={classNames(
          'grid size-10 place-items-center rounded-full',
          danger ? 'bg-danger-soft text-danger' : 'bg-sunken text-ink-3',
        )}
      >
        {props.icon}
      </span>
      <Title className="text-base font-semibold">{props.title}</Title>
      {props.children === undefined ? null : <div className="text-ink-2">{props.children}</div>}
      {props.actions === undefined ? null : (
        <div className="mt-2 flex flex-wrap justify-center gap-2">{props.actions}</div>
      )}
    </div>
  );
}
