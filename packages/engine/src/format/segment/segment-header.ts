import { checksum } from '../../base/checksum.ts';
import { EngineError } from '../../base/errors.ts';
import { engineLimits } from '../../base/limits.ts';
import { segmentHeaderLayout as at, segmentMagic, segmentVersion } from '../constants.ts';
import { dayMs } from './segment-rows.ts';
import { corruptSegment } from './words.ts';

/** Whose rows a segment holds. */
export interface SegmentHead {
  readonly project: number;
  readonly shard: number;
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
}

export interface SegmentHeader extends SegmentHead {
  readonly rowCount: number;
  /** Ms since the day began; 0 and 0 without rows. */
  readonly firstTime: number;
  readonly lastTime: number;
  readonly eventCount: number;
  readonly propertyCount: number;
  /** Distinct ordinals, 0 included. */
  readonly userCount: number;
  readonly batchCount: number;
  /** Texts of distinct ids, the unused first one not counted. */
  readonly sentIdCount: number;
  readonly tieRankMax: number;
  /** As stored; the index follows the header. */
  readonly indexBytes: number;
  readonly indexFlags: number;
  readonly indexChecksum: number;
  readonly fileBytes: number;
}

/**
 * Offset size meaning (FORMAT-SEGMENT.md 2)
 *      0    4 magic        24 4 rows          48 4 users           72 4 checksum of the index
 *      4    1 version      28 4 first time    52 4 batches         76 4 0
 *      5    1 flags: 0     32 4 last time     56 4 sent ids        80 8 bytes of the file
 *      6    2 header bytes 36 4 key id: 0     60 4 tie rank max
 *      8    4 checksum     40 4 events        64 4 index bytes
 *     12    4 project      44 4 properties    68 4 index flags
 *     16    4 shard
 *     20    4 day, signed
 */
export function writeHeader(target: Uint8Array, header: SegmentHeader): void {
  const view = new DataView(target.buffer, target.byteOffset, at.size);
  view.setUint32(at.magic, segmentMagic, true);
  view.setUint8(at.version, segmentVersion);
  view.setUint16(at.headerBytes, at.size, true);
  view.setUint32(at.project, header.project, true);
  view.setUint32(at.shard, header.shard, true);
  view.setInt32(at.day, header.day, true);
  view.setUint32(at.rowCount, header.rowCount, true);
  view.setUint32(at.firstTime, header.firstTime, true);
  view.setUint32(at.lastTime, header.lastTime, true);
  view.setUint32(at.eventCount, header.eventCount, true);
  view.setUint32(at.propertyCount, header.propertyCount, true);
  view.setUint32(at.userCount, header.userCount, true);
  view.setUint32(at.batchCount, header.batchCount, true);
  view.setUint32(at.sentIdCount, header.sentIdCount, true);
  view.setUint32(at.tieRankMax, header.tieRankMax, true);
  view.setUint32(at.indexBytes, header.indexBytes, true);
  view.setUint32(at.indexFlags, header.indexFlags, true);
  view.setUint32(at.indexChecksum, header.indexChecksum, true);
  view.setFloat64(at.fileBytes, header.fileBytes, true);
  view.setUint32(at.checksum, headerChecksum(target), true);
}

/** Twin of `writeHeader`. `bytes` are the begin of the file, `size` all that it has. */
export function readHeader(bytes: Uint8Array, size: number): SegmentHeader {
  checkIntact(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, at.size);
  const u32 = (offset: number): number => view.getUint32(offset, true);
  const header: SegmentHeader = {
    project: u32(at.project),
    shard: u32(at.shard),
    day: view.getInt32(at.day, true),
    rowCount: u32(at.rowCount),
    firstTime: u32(at.firstTime),
    lastTime: u32(at.lastTime),
    eventCount: u32(at.eventCount),
    propertyCount: u32(at.propertyCount),
    userCount: u32(at.userCount),
    batchCount: u32(at.batchCount),
    sentIdCount: u32(at.sentIdCount),
    tieRankMax: u32(at.tieRankMax),
    indexBytes: u32(at.indexBytes),
    indexFlags: u32(at.indexFlags),
    indexChecksum: u32(at.indexChecksum),
    fileBytes: view.getFloat64(at.fileBytes, true),
  };
  checkFields(header, size);
  if (u32(at.keyId) !== 0) {
    throw corrupt(`key id is ${u32(at.keyId)}, no key belongs to version ${segmentVersion}`);
  }
  if (bytes[at.flags] !== 0 || u32(at.reserved) !== 0) throw corrupt('a reserved field is not 0');
  return header;
}

function corrupt(problem: string): EngineError {
  return corruptSegment('segment: header', problem);
}

/** Magic, checksum and version, in the order in which they can be believed. */
function checkIntact(bytes: Uint8Array): void {
  if (bytes.length < at.size) throw corrupt(`${bytes.length} bytes are shorter than a header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, at.size);
  const magic = view.getUint32(at.magic, true);
  if (magic !== segmentMagic) throw corrupt(`magic is 0x${magic.toString(16)}`);
  const stored = view.getUint32(at.checksum, true);
  const actual = headerChecksum(bytes);
  if (stored !== actual) {
    throw corrupt(`checksum is 0x${actual.toString(16)}, the header says 0x${stored.toString(16)}`);
  }
  const version = bytes[at.version];
  if (version !== segmentVersion) {
    throw new EngineError(
      'UNSUPPORTED_VERSION',
      `segment: version ${version} is not ${segmentVersion}, which this build reads: upgrade it`,
    );
  }
  const headerBytes = view.getUint16(at.headerBytes, true);
  if (headerBytes !== at.size) throw corrupt(`header of ${headerBytes} bytes, expected ${at.size}`);
}

/** Of the header but for the checksum itself. */
export function headerChecksum(bytes: Uint8Array): number {
  return checksum(bytes.subarray(at.project, at.size), checksum(bytes.subarray(0, at.checksum)));
}

function checkFields(header: SegmentHeader, size: number): void {
  const { rowCount, fileBytes, indexBytes } = header;
  if (rowCount > engineLimits.segmentRowsMax) {
    throw corrupt(`${rowCount} rows exceed ${engineLimits.segmentRowsMax}`);
  }
  if (fileBytes !== size) throw corrupt(`file of ${size} bytes, the header says ${fileBytes}`);
  if (at.size + indexBytes > size) throw corrupt(`index of ${indexBytes} bytes is cut off`);
  for (const name of ['eventCount', 'userCount', 'batchCount', 'sentIdCount'] as const) {
    if (header[name] > rowCount) {
      throw corrupt(`${name} ${header[name]} exceeds the ${rowCount} rows`);
    }
  }
  if (header.lastTime >= dayMs || header.firstTime > header.lastTime) {
    throw corrupt(`times ${header.firstTime} to ${header.lastTime} are no part of a day`);
  }
}

/** Isolation is checked at every layer: a segment of others is never read as ours. */
export function checkExpected(header: SegmentHeader, expected: SegmentHead): void {
  const check = (name: keyof SegmentHead, code: 'WRONG_PROJECT' | 'WRONG_SHARD' | 'WRONG_DAY') => {
    if (header[name] !== expected[name]) {
      throw new EngineError(
        code,
        `segment of ${name} ${header[name]} was found where ${name} ${expected[name]} belongs`,
      );
    }
  };
  check('project', 'WRONG_PROJECT');
  check('shard', 'WRONG_SHARD');
  check('day', 'WRONG_DAY');
}
