import { randomBytes } from 'node:crypto';

/** A new id: 13 small letters and digits, never given twice. */
export function newDefinitionId(): string {
  return randomBytes(8).readBigUInt64BE().toString(36).padStart(13, '0');
}
