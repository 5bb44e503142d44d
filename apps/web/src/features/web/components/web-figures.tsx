'use client';

import { ArrowDownRight, ArrowUpRight, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';
import { changeText } from '#format/number.ts';
import { figureFormat, type FigureView } from '../model.ts';
import type { Figure } from '../state.ts';

/** The figures of the head; one of them is drawn below. */
export function WebFigures({
  views,
  chosen,
  onChoose,
}: {
  readonly views: readonly FigureView[];
  readonly chosen: Figure;
  readonly onChoose: (figure: Figure) => void;
}): ReactNode {
  return (
    <ul className="grid grid-cols-2 sm:grid-cols-3 xl:grid-cols-6" aria-label="Figures">
      {views.map((view) => (
        <li key={view.figure} className="flex border-r border-b border-line last:border-r-0">
          <button
            type="button"
            data-testid={`figure-${view.figure}`}
            aria-pressed={view.figure === chosen}
            disabled={view.value === undefined}
            onClick={() => onChoose(view.figure)}
            className={classNames(
              'grid min-w-0 flex-1 content-start gap-0.5 px-4 py-3 text-left -outline-offset-2 enabled:hover:bg-hover',
              view.figure === chosen && 'bg-accent-soft',
            )}
          >
            <span className="text-xs text-ink-2 truncate-line">{view.label}</span>
            <FigureValue view={view} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function FigureValue({ view }: { readonly view: FigureView }): ReactNode {
  const { figure, value, change } = view;
  if (value === undefined) {
    return (
      <span className="text-xs text-ink-2">
        Not known under these filters, which are not kept of a session as a whole
      </span>
    );
  }
  return (
    <>
      <span
        className="text-xl font-semibold tracking-tight tabular"
        data-testid={`figure-${figure}-value`}
      >
        {figureFormat(figure)(value)}
      </span>
      {change === null ? (
        <span className="text-xs text-ink-2">nothing before to compare</span>
      ) : (
        <Change change={change} lowerIsBetter={view.lowerIsBetter} />
      )}
    </>
  );
}

function Change({
  change,
  lowerIsBetter,
}: {
  readonly change: number;
  readonly lowerIsBetter: boolean;
}): ReactNode {
  const Arrow = change === 0 ? Minus : change > 0 ? ArrowUpRight : ArrowDownRight;
  const isGood = change > 0 !== lowerIsBetter;
  return (
    <span
      className={classNames(
        'flex items-center gap-1 text-xs tabular',
        change === 0 ? 'text-ink-2' : isGood ? 'text-positive' : 'text-danger',
      )}
    >
      <Arrow size={13} aria-hidden className="shrink-0" />
      {changeText(change)}
    </span>
  );
}
