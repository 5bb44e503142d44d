'use client';

import { ArrowRight, Clock, TrendingDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { ChartFigure } from '#charts/chart-figure.tsx';
import { Legend } from '#charts/legend.tsx';
import { Tooltip } from '#components/tooltip.tsx';
import { formatDuration, formatNumber, formatPercent } from '#format/number.ts';
import type { FunnelRow, FunnelView, StepView } from '../model.ts';

/**
 * A column a step and segment: filled what is left of those who entered, hatched what was lost since
 * the step before. The figures above are those of all users.
 */
export function StepColumns({ view }: { readonly view: FunnelView }): ReactNode {
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
              <StepHeader name={name} index={index} step={overall} />
              <div className="flex h-60 items-end gap-1 border-b border-line-strong px-4">
                {view.drawn.map((row) => (
                  <StepColumn key={row.key} row={row} index={index} />
                ))}
              </div>
              <StepFooter step={overall} first={index === 0} />
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

type StepHeaderProps = { readonly name: string; readonly index: number; readonly step: StepView };

function StepHeader({ name, index, step }: StepHeaderProps): ReactNode {
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
        <span className="text-ink-2 tabular">
          <span data-testid={`funnel-step-${index}-count`}>{formatNumber(step.count)}</span> users
        </span>
      </div>
    </div>
  );
}

/** Between this step and the one before: who got here, who did not, and how long it took. */
function StepFooter({
  step,
  first,
}: {
  readonly step: StepView;
  readonly first: boolean;
}): ReactNode {
  if (first) return <p className="px-4 py-2 text-xs text-ink-3">Entered in the range</p>;
  return (
    <dl className="grid gap-0.5 px-4 py-2 text-xs text-ink-2 tabular">
      <FooterLine icon={<ArrowRight size={12} />} name="From the step before">
        {formatPercent(step.ofPrevious)} of step before
      </FooterLine>
      <FooterLine icon={<TrendingDown size={12} />} name="Lost">
        {formatNumber(step.lost)} lost
      </FooterLine>
      <FooterLine icon={<Clock size={12} />} name="Median time from the step before">
        {step.medianFromPreviousMs === null
          ? 'no median time'
          : `${formatDuration(step.medianFromPreviousMs)} median`}
      </FooterLine>
    </dl>
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
}: {
  readonly row: FunnelRow;
  readonly index: number;
}): ReactNode {
  const step = row.steps[index];
  if (step === undefined) return null;
  const reached = step.ofFirst ?? 0;
  const before = row.steps[index - 1]?.ofFirst ?? reached;
  return (
    <Tooltip
      side="top"
      label={`${row.name}: ${formatNumber(step.count)} users, ${formatPercent(step.ofFirst)}${
        index === 0 ? '' : `, ${formatNumber(step.lost)} lost`
      }`}
    >
      <button
        type="button"
        aria-label={`${row.name}, step ${index + 1}: ${formatNumber(step.count)} users`}
        className="flex h-full max-w-44 min-w-2 flex-1 cursor-default! flex-col justify-end rounded-t-sm"
      >
        <span
          className="w-full rounded-t-sm border border-b-0 border-dashed border-line-strong hatched"
          style={{ height: `${Math.max(0, before - reached) * 100}%` }}
        />
        <span
          className="w-full rounded-t-[2px]"
          style={{ height: `${reached * 100}%`, background: row.colour }}
        />
      </button>
    </Tooltip>
  );
}
