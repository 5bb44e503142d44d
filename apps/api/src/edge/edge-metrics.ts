import { counter } from '@arbor/runtime/metrics';
import type { IngestSource } from '@arbor/schema/ingest';

const records = counter({
  name: 'arbor_edge_records_total',
  help: 'Records that reached the edge, by endpoint and by what became of them.',
  labels: ['source', 'outcome'],
});

const turnedAway = counter({
  name: 'arbor_edge_turned_away_total',
  help: 'Requests that were told to come back: 429 when overloaded, 503 when a part was away.',
  labels: ['status'],
});

export function countRecords(
  source: IngestSource,
  outcome: 'accepted' | 'refused' | 'unknown_token',
  count: number,
): void {
  if (count > 0) records.inc({ source, outcome }, count);
}

export function countTurnedAway(status: number): void {
  turnedAway.inc({ status: String(status) });
}
