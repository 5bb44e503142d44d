import type { IngestSource } from '@arbor/schema/ingest';
import type { HealthSpan, IngestionHealth, LossReason } from '@arbor/schema/ingestion-health';
import type { ChartBucket, ChartSeries } from '#charts/series.ts';
import { formatDuration, formatNumber, formatPercent } from '#format/number.ts';

export const spanLabels: Readonly<Record<HealthSpan, string>> = {
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
};

export const sourceLabels: Readonly<Record<IngestSource, string>> = {
  track: 'Client libraries (/track)',
  import: 'Import (/import)',
  engage: 'User profiles (/engage)',
  groups: 'Group profiles (/groups)',
  sdk: 'Arbor SDK (/e)',
};

export type HealthState = 'ok' | 'late' | 'broken';

export type Check = { readonly label: string; readonly state: HealthState; readonly text: string };

/** Behind this much, new data is late; the queues refuse at some minutes. */
const lateMs = 60_000;
const refusedShareMax = 0.01;

/** What somebody should know before the figures, the worst first. */
export function checksOf(health: IngestionHealth): readonly Check[] {
  const checks = [
    queueCheck(health),
    ...zoneChecks(health),
    ...damageChecks(health),
    refusedCheck(health),
    ...lossChecks(health),
  ];
  if (health.deadLetters > 0) checks.push(deadLetterCheck(health.deadLetters));
  const order: Readonly<Record<HealthState, number>> = { broken: 0, late: 1, ok: 2 };
  return checks.toSorted((a, b) => order[a.state] - order[b.state]);
}

function queueCheck({ lanes }: IngestionHealth): Check {
  const behindMs = Math.max(0, ...lanes.map((lane) => lane.behindMs));
  const waiting = lanes.reduce((sum, { jobs }) => sum + jobs, 0);
  return {
    label: 'Queues',
    state: behindMs > lateMs ? 'late' : 'ok',
    text:
      behindMs > lateMs
        ? `New data is ${formatDuration(behindMs)} behind. Nothing is lost.`
        : `Keeping up: ${formatNumber(waiting)} waiting, ${formatDuration(behindMs)} behind`,
  };
}

function zoneChecks({ zones }: IngestionHealth): Check[] {
  return zones.map(({ zone, replicas }) => {
    const serving = replicas.filter((replica) => replica.serving);
    const lagMs = Math.max(0, ...serving.map((replica) => replica.lagMs));
    const label = `Zone ${zone}`;
    if (replicas.length === 0)
      return { label, state: 'broken', text: 'No storage process answers' };
    if (serving.length === 0) {
      return { label, state: 'late', text: 'Catching up, not answering queries yet' };
    }
    return {
      label,
      state: lagMs > lateMs ? 'late' : 'ok',
      text: `Serving, ${formatDuration(lagMs)} behind`,
    };
  });
}

/** What a zone cannot read any more another one has, as long as that one is well. */
function damageChecks({ zones }: IngestionHealth): Check[] {
  return zones.flatMap(({ zone, replicas }): Check[] => {
    const count = replicas.reduce((sum, { damagedLogs = 0 }) => sum + damagedLogs, 0);
    if (count === 0) return [];
    const files = count === 1 ? '1 file' : `${formatNumber(count)} files`;
    const text = `${files} damaged on disk. What can be read is kept; other zones have the rest. The log of storage says which.`;
    return [{ label: `Row log of zone ${zone}`, state: 'late', text }];
  });
}

function refusedCheck({ buckets }: IngestionHealth): Check {
  const sum = (key: 'accepted' | 'refused'): number =>
    buckets.reduce((total, bucket) => total + bucket[key], 0);
  const [accepted, refused] = [sum('accepted'), sum('refused')];
  const share = refused === 0 ? 0 : refused / (accepted + refused);
  return {
    label: 'Refused records',
    state: share > refusedShareMax ? 'late' : 'ok',
    text: refused === 0 ? 'None' : `${formatNumber(refused)}, ${formatPercent(share)} of all`,
  };
}

const lossTexts: Readonly<Record<LossReason, string>> = {
  size: 'more waited than a browser keeps',
  age: 'waited too long for a network',
  rate: 'too many clicks at once',
};

/** What our SDK could not keep until it could be sent: it tells so itself, with the next event. */
function lossChecks({ lost }: IngestionHealth): Check[] {
  if (lost.length === 0) return [];
  const text = lost
    .map(({ reason, count }) => `${formatNumber(count)}: ${lossTexts[reason]}`)
    .join('; ');
  return [{ label: 'Lost in browsers', state: 'late', text }];
}

function deadLetterCheck(count: number): Check {
  const text = `${formatNumber(count)} put away, of all projects: see cli dead-letters`;
  return { label: 'Batches that cannot be stored', state: 'broken', text };
}

export type HealthChart = {
  readonly buckets: readonly ChartBucket[];
  readonly series: readonly ChartSeries[];
};

const seriesInfo = [
  { key: 'accepted', name: 'Accepted', colour: 'var(--chart-1)' },
  { key: 'refused', name: 'Refused', colour: 'var(--chart-7)' },
] as const;

/** What the chart draws; times are written in the project's zone. */
export function healthChart(
  { span, buckets }: Pick<IngestionHealth, 'span' | 'buckets'>,
  timezone: string,
): HealthChart {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    ...(span === 'week' && { day: 'numeric', month: 'short' }),
  });
  return {
    buckets: buckets.map(({ startMs }, n) => {
      const label = format.format(startMs);
      return { label, title: label, incomplete: n === buckets.length - 1 };
    }),
    series: seriesInfo.map(({ key, name, colour }) => ({
      key,
      name,
      colour,
      values: buckets.map((bucket) => bucket[key]),
    })),
  };
}
