'use client';

import { CircleAlert, CircleCheck, Clock } from 'lucide-react';
import Link from 'next/link';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { healthSpanSchema, type IngestionHealth } from '@arbor/schema/ingestion-health';
import { useProject } from '#api/project-context.tsx';
import { LazyTimeChart } from '#charts/lazy-time-chart.tsx';
import { Segmented } from '#components/segmented.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { clockText, dateTimeText } from '#format/instant.ts';
import { formatDuration, formatNumber } from '#format/number.ts';
import { Panel } from '#report/panel.tsx';
import { FailureState } from '#report/report-states.tsx';
import { useHealth } from '../api.ts';
import { checksOf, healthChart, spanLabels, type Check, type HealthState } from '../health.ts';
import { SourcesTable } from './sources-table.tsx';

const spans = healthSpanSchema.options;
const spanParser = parseAsStringLiteral(spans).withDefault('hour').withOptions({ history: 'push' });

/** Whether events arrive, and who sends them. */
export function Health(): ReactNode {
  const [span, setSpan] = useQueryState('span', spanParser);
  const health = useHealth(span);
  const { timezone } = useProject();
  return (
    <div className="grid gap-4 p-4 md:p-5">
      <div className="flex flex-wrap items-center gap-3">
        <Segmented
          label="Time"
          testId="health-span"
          value={span}
          options={spans.map((value) => ({ value, label: spanLabels[value] }))}
          onChange={(next) => void setSpan(next)}
        />
        <span className="text-xs text-ink-3" data-testid="health-checked">
          {health.data === undefined
            ? ''
            : `As of ${clockText(health.data.checkedAt, timezone)}, ${timezone}`}
        </span>
      </div>
      {health.data === undefined ? (
        health.failure === null ? (
          <HealthSkeleton />
        ) : (
          <FailureState failure={health.failure} onRetry={health.retry} />
        )
      ) : (
        <HealthFigures health={health.data} />
      )}
    </div>
  );
}

function HealthSkeleton(): ReactNode {
  return (
    <output className="grid gap-4" aria-label="Loading">
      <Skeleton className="h-24" />
      <Skeleton className="h-72" />
      <Skeleton className="h-40" />
    </output>
  );
}

function HealthFigures({ health }: { readonly health: IngestionHealth }): ReactNode {
  const { id, timezone } = useProject();
  const chart = healthChart(health, timezone);
  const sum = (key: 'accepted' | 'refused'): number =>
    health.buckets.reduce((total, bucket) => total + bucket[key], 0);
  const figures = [
    { label: 'Accepted', value: formatNumber(sum('accepted')), testId: 'health-accepted' },
    { label: 'Refused', value: formatNumber(sum('refused')), testId: 'health-refused' },
    {
      label: 'Last record',
      value:
        health.lastMs === null
          ? 'Not in a month'
          : `${formatDuration(Math.max(0, health.checkedAt - health.lastMs))} ago`,
      title: health.lastMs === null ? undefined : dateTimeText(health.lastMs, timezone),
      testId: 'health-last',
    },
  ];
  return (
    <>
      <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3" data-testid="health-checks">
        {checksOf(health).map((check) => (
          <CheckLine key={check.label} check={check} />
        ))}
      </ul>
      <Panel
        title={`Records a ${health.span === 'hour' ? 'minute' : 'hour'}`}
        actions={
          <Link
            href={`/p/${id}/data/rejected`}
            className="text-xs font-medium text-accent underline-offset-2 hover:underline"
          >
            Why records are refused
          </Link>
        }
      >
        <dl className="flex flex-wrap gap-x-8 gap-y-2 px-4 pt-3">
          {figures.map(({ label, value, title, testId }) => (
            <div key={label} title={title}>
              <dt className="text-xs text-ink-3">{label}</dt>
              <dd className="text-lg font-semibold tabular" data-testid={testId}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
        <LazyTimeChart
          kind="column"
          buckets={chart.buckets}
          series={chart.series}
          format={formatNumber}
          additive
          height={240}
        />
      </Panel>
      <SourcesTable sources={health.sources} span={health.span} />
    </>
  );
}

const stateInfo: Readonly<Record<HealthState, { icon: ReactNode; tone: string; text: string }>> = {
  ok: { icon: <CircleCheck size={16} />, tone: 'text-positive', text: 'Good' },
  late: { icon: <Clock size={16} />, tone: 'text-warning', text: 'Attention' },
  broken: { icon: <CircleAlert size={16} />, tone: 'text-danger', text: 'Broken' },
};

function CheckLine({ check }: { readonly check: Check }): ReactNode {
  const { icon, tone, text } = stateInfo[check.state];
  return (
    <li
      data-state={check.state}
      className="flex items-start gap-2.5 rounded-lg border border-line bg-surface px-3 py-2 shadow-card"
    >
      <span className={`mt-0.5 ${tone}`} aria-hidden>
        {icon}
      </span>
      <div className="min-w-0">
        <p className="font-medium">
          {check.label} <span className="sr-only">: {text}</span>
        </p>
        <p className="text-xs text-ink-2">{check.text}</p>
      </div>
    </li>
  );
}
