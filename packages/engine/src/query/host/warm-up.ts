import fs from 'node:fs';
import path from 'node:path';
import { encodeSegment } from '../../format/segment/encode-segment.ts';
import { readHeader, writeHeader } from '../../format/segment/segment-header.ts';
import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import { partEvents } from '../../store/segment-meta.ts';
import type { PropertyColumn } from '../exec/shard-view.ts';
import type { Plan } from '../plan/plan-types.ts';
import type { ProjectSnapshot, SegmentPart, UserIds } from '../scan/project-snapshot.ts';
import type { ScanHost } from './scan-host.ts';
import { warmUpDays, warmUpPlan, warmUpRows, warmUpUserCount } from './warm-up-rows.ts';

/** The last number that a segment can name; those of projects are counted up from 1. */
const owner = { project: 2 ** 32 - 1, shard: 0 };

const noWords = new Uint32Array(0);

export interface WarmUpOptions {
  /** Of questions about the made-up days (warm-up-rows.ts): one of each kind that people ask. */
  readonly plans: readonly Plan[];
  /** For some files, which are gone afterwards. */
  readonly directory: string;
  /** How often everything is decoded and asked. */
  readonly rounds: number;
  readonly signal?: AbortSignal;
}

/**
 * V8 compiles a function well when it has run for a while. A new process would do that while its first queries
 * wait, which makes them two or three times as slow; so it asks about made-up days before anybody else asks, in
 * all threads. While somebody asks it waits, and goes on afterwards. Nothing of it is kept.
 *
 * Rejects as `ScanHost.run` does, and with the errors of files that cannot be written.
 */
export async function warmUp(host: ScanHost, options: WarmUpOptions): Promise<void> {
  const { plans, rounds, directory } = options;
  removeLeftOver(directory);
  const folder = fs.mkdtempSync(path.join(directory, `${folderPrefix}${process.pid}-`));
  ownFolders.add(folder);
  try {
    const parts = writeDays(folder);
    for (let round = 0; round < rounds; round++) {
      const snapshot = snapshotOf(parts, round);
      for (const plan of plans) {
        await host.idle();
        await host.run(plan, snapshot, options.signal && { signal: options.signal });
      }
    }
    // What the last one read is let go then.
    await host.idle();
  } finally {
    host.forget(owner);
    fs.rmSync(folder, { recursive: true });
    ownFolders.delete(folder);
  }
}

const folderPrefix = 'warm-up-';
/** Of warm-ups under way in this process. */
const ownFolders = new Set<string>();

/** A process that is killed leaves its files behind; its successor may have its number. */
function removeLeftOver(directory: string): void {
  for (const name of fs.readdirSync(directory)) {
    if (!name.startsWith(folderPrefix)) continue;
    const folder = path.join(directory, name);
    const pid = Number.parseInt(name.slice(folderPrefix.length), 10);
    const isInUse = pid === process.pid ? ownFolders.has(folder) : isRunning(pid);
    if (!isInUse) fs.rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Of another user, whose processes cannot be asked.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

interface MadeUpDay {
  readonly day: number;
  readonly part: SegmentPart;
}

function writeDays(folder: string): MadeUpDay[] {
  const rows = warmUpRows();
  const bytes = encodeSegment(rows, { ...owner, day: warmUpDays[0] });
  const header = readHeader(bytes, bytes.length);
  return warmUpDays.map((day) => {
    // Only the header says which day it is.
    writeHeader(bytes, { ...header, day });
    const file = path.join(folder, `${day}.arseg`);
    fs.writeFileSync(file, bytes);
    return { day, part: partOf(rows, file) };
  });
}

function partOf(rows: SegmentRows, file: string): SegmentPart {
  const { rowCount } = rows;
  return {
    type: 'segment',
    id: file,
    path: file,
    rowCount,
    hiddenRows: noWords,
    events: partEvents(rows),
    propertyNames: () => rows.properties.map(({ name }) => name),
  };
}

/** Other ids each round: what was decoded for the round before is not known then. */
function snapshotOf(days: readonly MadeUpDay[], round: number): ProjectSnapshot {
  const plan = planColumn();
  return {
    ...owner,
    users: userIds(),
    redirects: { losers: noWords, winners: noWords, ranks: noWords },
    days: days.map(({ day, part }) => ({ day, parts: [{ ...part, id: `${round} ${part.id}` }] })),
    personProperty: (name) => (name === warmUpPlan ? plan : undefined),
  };
}

function userIds(): UserIds {
  const ends = new Uint32Array(warmUpUserCount + 1);
  const ids = Array.from({ length: warmUpUserCount }, (_, i) => `user-${i + 1}`);
  for (let i = 0; i < ids.length; i++) ends[i + 1] = ends[i] + ids[i].length;
  return { count: ids.length, bytes: Buffer.from(ids.join('')), ends };
}

function planColumn(): PropertyColumn {
  const values = [null, 'free', 'paid', 5];
  const codes = Uint32Array.from(
    { length: warmUpUserCount + 1 },
    (_, user) => user % values.length,
  );
  return { codes, values };
}
