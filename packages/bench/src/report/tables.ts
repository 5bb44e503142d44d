import type { EngineFigures } from '../measure/engine-times.ts';
import type { PeerName } from '../peers/install.ts';
import { querySet } from '../queries/query-set.ts';
import type { LoadState } from '../steps/load.ts';
import type { EngineName, QuestionResult } from '../steps/query.ts';
import { formatMb, formatMs, formatRatio, markdownTable } from './format-cells.ts';

const titles: Readonly<Record<EngineName, string>> = {
  arbor: 'Arbor',
  library: "Arbor's engine alone",
  clickhouse: 'ClickHouse',
  duckdb: 'DuckDB',
};
const peers: readonly PeerName[] = ['clickhouse', 'duckdb'];
/** Columns of the tables besides Arbor's, where there are figures. */
const others = ['library', ...peers] as const;

/** Goals are for this size; at others they are not shown. */
const goalEvents = 100e6;

export interface TimeTableOptions {
  readonly events: number;
  readonly stored: boolean;
}

/** Warm medians with the cold run in brackets; a question whose answers differ has no figures. */
export function timeTable(
  results: readonly QuestionResult[],
  { events, stored }: TimeTableOptions,
): string {
  const present = others.filter((one) => results.some(({ figures }) => figures[one] !== undefined));
  const withPeers = present.some((one) => one !== 'library');
  const withGoals = events === goalEvents;
  const head = [
    'question',
    'Arbor',
    ...present.map((one) => titles[one]),
    ...(withPeers ? ['better peer / Arbor'] : []),
    ...(withGoals ? ['goal'] : []),
  ];
  const rows = results.map((result) => {
    const problem = problemOf(result);
    if (problem !== null) return [`${result.name} ${result.title}`, problem];
    const { figures } = result;
    return [
      `${result.name} ${result.title}`,
      warmAndCold(figures.arbor),
      ...present.map((one) => warmAndCold(figures[one])),
      ...(withPeers ? [formatRatio(ratioToPeers(figures))] : []),
      ...(withGoals ? [goalCell(result, stored)] : []),
    ];
  });
  return markdownTable([head, ...rows], 1);
}

function problemOf({ problems }: QuestionResult): string | null {
  const [first] = Object.entries(problems);
  return first === undefined ? null : `no figures: ${first[0]} ${first[1].split('\n')[0]}`;
}

function warmAndCold(figures: EngineFigures | undefined): string {
  if (figures === undefined) return '–';
  const cold = figures.coldMs === null ? '' : ` (${formatMs(figures.coldMs)})`;
  return `${formatMs(figures.warmMs)}${cold}`;
}

/** How often Arbor's time goes into that of the faster peer. */
export function ratioToPeers(figures: QuestionResult['figures']): number | null {
  const times = peers.flatMap((peer) => figures[peer]?.warmMs ?? []);
  if (figures.arbor === undefined || times.length === 0) return null;
  return Math.min(...times) / figures.arbor.warmMs;
}

function goalCell({ name, figures }: QuestionResult, stored: boolean): string {
  const goal = querySet.find((query) => query.name === name.replace(/f$/, ''))?.goal;
  const seconds = stored ? (goal?.stored ?? goal?.rows) : goal?.rows;
  if (seconds === undefined || figures.arbor === undefined) return '–';
  const isReached = figures.arbor.warmMs <= seconds * 1000;
  const parts = [`${formatMs(seconds * 1000)} ${isReached ? 'reached' : 'missed'}`];
  const coldMs = figures.arbor.coldMs;
  if (goal?.cold !== undefined && coldMs !== null) {
    const word = coldMs <= goal.cold * 1000 ? 'reached' : 'missed';
    parts.push(`cold ${formatMs(goal.cold * 1000)} ${word}`);
  }
  return parts.join(', ');
}

/** The most memory of the process that scans; Arbor's also without the decoded columns that it keeps. */
export function memoryTable(results: readonly QuestionResult[]): string {
  const present = others.filter((one) => results.some(({ figures }) => figures[one] !== undefined));
  const head = [
    'question',
    'Arbor',
    'Arbor beyond its column cache',
    ...present.map((one) => titles[one]),
  ];
  const rows = results
    .filter((result) => problemOf(result) === null)
    .map(({ name, figures }) => [
      name,
      formatMb(figures.arbor?.peakMemoryMb),
      formatMb(figures.arbor?.ownMemoryMb),
      ...present.map((one) => formatMb(figures[one]?.peakMemoryMb)),
    ]);
  return markdownTable([head, ...rows], 1);
}

export function loadTable(loads: Partial<Record<EngineName, LoadState>>): string {
  const rows = Object.entries(loads).map(([engine, load]) => [
    titles[engine as EngineName],
    load.bytesPerEvent.toFixed(2),
    `${load.seconds.toFixed(0)} s`,
    `${(load.rows / load.seconds / 1e6).toFixed(2)} M`,
  ]);
  return markdownTable([['engine', 'bytes an event', 'load', 'events a second'], ...rows], 1);
}

/** Of the engines that say it; less than a thousandth of a byte is left out. */
export function columnTable(loads: Partial<Record<EngineName, LoadState>>): string {
  const rows = Object.entries(loads).flatMap(([engine, { columns = {} }]) => {
    const own = Object.entries(columns).filter(([, bytes]) => bytes >= 0.001);
    const list = own.map(([name, bytes]) => `${name} ${bytes.toFixed(bytes < 0.1 ? 3 : 2)}`);
    return own.length === 0 ? [] : [[titles[engine as EngineName], list.join(', ')]];
  });
  return markdownTable([['engine', 'bytes an event by column'], ...rows], 2);
}
