import type { IngestionHealth } from '@arbor/schema/ingestion-health';
import { formatDuration } from '#format/number.ts';

export type IngestionState = {
  readonly level: 'ok' | 'late' | 'broken';
  readonly text: string;
};

/** As on the page of health: behind this much, new data is late. */
const lateMs = 60_000;

/** How ingestion is, in a word and a sentence (UX-S3). */
export function ingestionState({
  lanes,
  zones,
}: Pick<IngestionHealth, 'lanes' | 'zones'>): IngestionState {
  const away = zones.filter(({ replicas }) => replicas.length === 0);
  const serving = zones.flatMap(({ replicas }) => replicas.filter((each) => each.serving));
  const behindMs = Math.max(
    0,
    ...lanes.map((lane) => lane.behindMs),
    ...serving.map(({ lagMs }) => lagMs),
  );
  if (serving.length === 0) {
    return { level: 'broken', text: 'No storage process answers: queries cannot run' };
  }
  if (away.length > 0) {
    const names = away.map(({ zone }) => zone).join(', ');
    return { level: 'late', text: `Zone ${names} does not answer, the others do` };
  }
  if (behindMs > lateMs) {
    const text = `New data is ${formatDuration(behindMs)} behind. Nothing is lost`;
    return { level: 'late', text };
  }
  return { level: 'ok', text: `Keeping up, ${formatDuration(behindMs)} behind` };
}
