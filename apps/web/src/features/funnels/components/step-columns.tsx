'use client';

import { ArrowRight, Clock, TrendingDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { ChartFigure } from '#charts/chart-figure.tsx';
import { Legend } from '#charts/legend.tsx';
import { Tooltip } from '#components/tooltip.tsx';
import { formatDuration, formatNumber, formatPercent, rateChangeText } from '#format/number.ts';
import { classNames } from '#components/class-names.ts';
import type { FunnelRow, FunnelView, StepView } from '../model.ts';
import { countingNouns } from '../state.ts';

/**
 * A column a step and segment: filled what is left of those who entered, hatched what was lost since
 * the step before. The figures above are those of all users.
 */
export function StepColumns({
  view,
  onDrill,
}: {
  readonly view: FunnelView;
  /** Absent where the figures lead nowhere, as on a board. */
  readonly onDrill?: DrillStep;
}): ReactNode {
  const summary = view.stepNames
    .map((name, index) => `${name}: ${formatNumber(view.overall.steps[index]?.count ?? 0)}`)
    .join(', ');
  return (
    <ChartFigure summary={`Funnel. ${summary}`}>
      <ol
        className="flex overflow-x-auto"
        // A region that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label="Steps"
      >
        {view.stepNames.map((name, index) => {
          const overall = view.overall.steps[index];
          if (overall === undefined) return null;
          return (
            <li
              // The same event may be several steps.
              // oxlint-disable-next-line react/no-array-index-key
              key={`${index} ${name}`}
              className="flex min-w-50 flex-1 flex-col border-r border-line last:border-r-0"
            >
              <StepHeader
                name={name}
                index={index}
                row={view.overall}
                step={overall}
                noun={countingNouns[view.counting][1]}
                onDrill={onDrill}
              />
              <div className="flex h-60 items-end gap-1 border-b border-line-strong px-4">
                {view.drawn.map((row) => (
                  <StepColumn
                    key={row.key}
                    row={row}
                    index={index}
                    noun={countingNouns[view.counting][1]}
                    onDrill={onDrill}
                  />
                ))}
              </div>
              <StepFooter row={view.overall} step={overall} index={index} onDrill={onDrill} />
            </li>
          );
        })}
      </ol>
      {view.drawn.length > 1 ? (
        <div className="pt-3">
          <Legend entries={view.drawn} />
        </div>
      ) : null}
    </ChartFigure>
  );
}

/** Opens who got to a step of a row, or who did not. */
export type DrillStep = (
  element: Element,
  row: FunnelRow,
  step: number,
  outcome: 'reached' | 'dropped',
) => void;

type StepProps = {
  readonly row: FunnelRow;
  readonly index: number;
  readonly step: StepView;
  readonly onDrill: DrillStep | undefined;
};

function StepHeader({
  name,
  index,
  step,
  row,
  noun,
  onDrill,
}: StepProps & { readonly name: string; readonly noun: string }): ReactNode {
  const past = row.past?.steps[index];
  return (
    <div className="grid gap-0.5 px-4 pt-3 pb-2">
      <div className="flex items-center gap-1.5">
        <span className="grid size-5 shrink-0 place-items-center rounded-full bg-sunken text-2xs font-semibold text-ink-2 tabular">
          {index + 1}
        </span>
        <span className="font-medium truncate-line" title={name}>
          {name}
        </span>
      </div>
      <div className="flex items-baseline gap-2 whitespace-nowrap">
        <span className="text-xl font-semibold tabular" data-testid={`funnel-step-${index}-rate`}>
          {formatPercent(step.ofFirst)}
        </span>
        {past === undefined ? null : (
          <span
            className="text-xs text-ink-3 tabular"
            title={`${formatNumber(past.count)} ${noun} before`}
            data-testid={`funnel-step-${index}-before`}
          >
            before {formatPercent(past.ofFirst)}
          </span>
        )}
        <span className="text-ink-2 tabular">
          <StepNumber
            count={step.count}
            testId={`funnel-step-${index}-count`}
            onDrill={onDrill && ((element) => onDrill(element, row, index, 'reached'))}
          />{' '}
          {noun}
        </span>
      </div>
    </div>
  );
}

/** Between this step and the one before: who got here, who did not, and how long it took. */
function StepFooter({ row, step, index, onDrill }: StepProps): ReactNode {
  if (index === 0) return <p className="px-4 py-2 text-xs text-ink-3">Entered in the range</p>;
  return (
    <dl className="grid gap-0.5 px-4 py-2 text-xs text-ink-2 tabular">
      <FooterLine icon={<ArrowRight size={12} />} name="From the step before">
        {formatPercent(step.ofPrevious)} of step before
      </FooterLine>
      <FooterLine icon={<TrendingDown size={12} />} name="Lost">
        <StepNumber
          count={step.lost}
          testId={`funnel-step-${index}-lost`}
          onDrill={onDrill && ((element) => onDrill(element, row, index, 'dropped'))}
        />{' '}
        lost
      </FooterLine>
      <FooterLine icon={<Clock size={12} />} name="Median time from the step before">
        {step.medianFromPreviousMs === null
          ? 'no median time'
          : `${formatDuration(step.medianFromPreviousMs)} median`}
      </FooterLine>
    </dl>
  );
}

/** How many; a button where somebody is behind it and it leads there. */
function StepNumber({
  count,
  testId,
  onDrill,
}: {
  readonly count: number;
  readonly testId: string;
  readonly onDrill: ((element: Element) => void) | undefined;
}): ReactNode {
  if (onDrill === undefined || count === 0) {
    return <span data-testid={testId}>{formatNumber(count)}</span>;
  }
  return (
    <button
      type="button"
      data-testid={testId}
      aria-haspopup="menu"
      onClick={(event) => onDrill(event.currentTarget)}
      className="min-h-6 rounded-sm hover:text-accent hover:underline"
    >
      {formatNumber(count)}
    </button>
  );
}

function FooterLine({
  icon,
  name,
  children,
}: {
  readonly icon: ReactNode;
  readonly name: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="flex items-center gap-1.5">
      <dt className="text-ink-3" aria-label={name}>
        {icon}
      </dt>
      <dd className="truncate-line">{children}</dd>
    </div>
  );
}

function StepColumn({
  row,
  index,
  noun,
  onDrill,
}: Omit<StepProps, 'step'> & { readonly noun: string }): ReactNode {
  const step = row.steps[index];
  if (step === undefined) return null;
  const reached = step.ofFirst ?? 0;
  const before = row.steps[index - 1]?.ofFirst ?? reached;
  const past = row.past?.steps[index] ?? null;
  return (
    <Tooltip
      side="top"
      label={`${row.name}: ${formatNumber(step.count)} ${noun}, ${formatPercent(step.ofFirst)}${
        index === 0 ? '' : `, ${formatNumber(step.lost)} lost`
      }${past === null ? '' : `; before ${formatPercent(past.ofFirst)}, ${rateChangeText(step.ofFirst, past.ofFirst)}`}`}
    >
      <button
        type="button"
        aria-label={`${row.name}, step ${index + 1}: ${formatNumber(step.count)} ${noun}`}
        className={classNames(
          'relative flex h-full max-w-44 min-w-2 flex-1 flex-col justify-end rounded-t-sm',
          onDrill === undefined && 'cursor-default!',
        )}
        onClick={(event) => {
          const { target } = event;
          const isLost = target instanceof HTMLElement && target.dataset.part === 'lost';
          onDrill?.(event.currentTarget, row, index, isLost ? 'dropped' : 'reached');
        }}
      >
        <span
          data-part="lost"
          className="w-full rounded-t-sm border border-b-0 border-dashed border-line-strong hatched"
          style={{ height: `${Math.max(0, before - reached) * 100}%` }}
        />
        {past === null ? null : (
          <span
            data-part="before"
            className="pointer-events-none absolute inset-x-0 border-t-2 border-dashed border-ink"
            style={{ bottom: `${(past.ofFirst ?? 0) * 100}%` }}
          />
        )}
        <span
          className="w-full rounded-t-[2px]"
          style={{ height: `${reached * 100}%`, background: row.colour }}
        />
      </button>
    </Tooltip>
  );
}
