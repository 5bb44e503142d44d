import { useEffect, type ReactNode } from 'react';
import { classNames } from '#components/class-names.ts';
import { changeOf, changeText } from '#format/number.ts';
import { tooltipRows, type ChartBucket, type ChartSeries } from './series.ts';

export type ChartTooltipProps = {
  readonly buckets: readonly ChartBucket[];
  readonly series: readonly ChartSeries[];
  /** Set by the chart while the pointer or the keyboard is on a bucket. */
  readonly index: number | null;
  /** What the buckets are compared with, one beside the other. */
  readonly pastTitles?: readonly string[];
  readonly format: (value: number) => string;
  /** Below the rows, for values that add up. */
  readonly withTotal: boolean;
  /** Told which bucket is shown, and null when none is any more. */
  readonly onShow?: (index: number | null) => void;
};

export function ChartTooltip(props: ChartTooltipProps): ReactNode {
  const { index, onShow } = props;
  useEffect(() => onShow?.(index), [index, onShow]);
  const bucket = props.index === null ? undefined : props.buckets[props.index];
  if (bucket === undefined || props.index === null) return null;
  const { rows, more } = tooltipRows(props.series, props.index);
  const total = rows.reduce((sum, row) => sum + row.value, 0);
  return (
    <div
      data-testid="tooltip"
      className="max-w-80 min-w-40 rounded-md border border-line bg-raised px-3 py-2 text-xs shadow-pop"
    >
      <p className="mb-1 font-medium">
        {bucket.title}
        {bucket.incomplete ? (
          <span className="font-normal text-ink-3"> · not complete yet</span>
        ) : null}
        {props.pastTitles === undefined ? null : (
          <span className="font-normal text-ink-3"> · before: {props.pastTitles[props.index]}</span>
        )}
      </p>
      {rows.length === 0 ? <p className="text-ink-3">No data</p> : null}
      {rows.map((row) => (
        <TooltipLine
          key={row.name}
          name={row.name}
          colour={row.colour}
          text={props.format(row.value)}
          {...(row.past === undefined ? {} : { past: pastText(row.value, row.past, props.format) })}
        />
      ))}
      {more === 0 ? null : <p className="mt-1 text-ink-3">and {more} more</p>}
      {props.withTotal && rows.length > 1 && more === 0 ? (
        <div className="mt-1 border-t border-line pt-1">
          <TooltipLine name="Total" text={props.format(total)} strong />
        </div>
      ) : null}
    </div>
  );
}

type TooltipLineProps = {
  readonly name: string;
  readonly text: string;
  readonly colour?: string;
  readonly strong?: boolean;
  /** What it was before, and how much it changed. */
  readonly past?: string;
};

function pastText(value: number, past: number | null, format: (value: number) => string): string {
  if (past === null) return 'nothing before';
  const difference = value - past;
  const signed = `${difference > 0 ? '+' : ''}${format(difference)}`;
  return `before ${format(past)}, ${signed}, ${changeText(changeOf(value, past))}`;
}

function TooltipLine(props: TooltipLineProps): ReactNode {
  const { name, text, colour, strong = false, past } = props;
  return (
    <>
      <p className={classNames('flex items-center gap-2 py-px', strong && 'font-medium')}>
        {colour === undefined ? null : (
          <span className="size-2 shrink-0 rounded-full" style={{ background: colour }} />
        )}
        <span className="flex-1 text-ink-2 truncate-line">{name}</span>
        <span className="font-medium tabular">{text}</span>
      </p>
      {past === undefined ? null : <p className="pl-4 text-right text-ink-3 tabular">{past}</p>}
    </>
  );
}
