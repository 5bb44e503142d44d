import { endWith, programJob } from '../child-process.ts';
import { loadClickhouse, openClickhouse } from './clickhouse.ts';
import { loadDuckdb, openDuckdb } from './duckdb.ts';
import type { PeerJob, QueryMeasure, Row } from './peer.ts';

/** Program: loads the generated days into a peer, or runs one query on it, first cold, then warm. */
const job = programJob<PeerJob>();
if (job.type === 'load') {
  endWith(await (job.peer === 'clickhouse' ? loadClickhouse(job) : loadDuckdb(job)));
} else {
  endWith(await measureQuery(job));
}

async function measureQuery(query: PeerJob & { type: 'query' }): Promise<QueryMeasure> {
  const open = query.peer === 'clickhouse' ? openClickhouse : openDuckdb;
  const session = await open(query);
  const idleMemoryMb = peakMemoryMb();
  const wallMs: number[] = [];
  const cpuMs: number[] = [];
  let rows: Row[] = [];
  for (let run = 0; run <= query.warmRuns; run++) {
    const started = performance.now();
    const cpu = process.cpuUsage();
    rows = await session.rows(query.sql);
    wallMs.push(performance.now() - started);
    const used = process.cpuUsage(cpu);
    cpuMs.push((used.user + used.system) / 1000);
  }
  const [coldMs = 0, ...warmMs] = wallMs;
  return {
    coldMs,
    warmMs,
    cpuMs: cpuMs.slice(1),
    idleMemoryMb,
    peakMemoryMb: peakMemoryMb(),
    rows,
  };
}

/** Of this process so far. */
function peakMemoryMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
