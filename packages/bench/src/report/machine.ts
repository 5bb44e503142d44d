import os from 'node:os';
import { peerVersion, type PeerName } from '../peers/install.ts';

/** What the figures were measured on, in one line. */
export function describeMachine(peers: readonly PeerName[], threads: number): string {
  const cpus = os.cpus();
  const memory = `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB of memory`;
  const versions = peers.map((peer) => peerVersion(peer));
  const model = (cpus[0]?.model ?? 'an unknown processor').trim();
  return [
    `${cpus.length} cores of ${model}, ${memory}, Linux ${os.release()}, Node ${process.version}`,
    `${threads} threads an engine${versions.length === 0 ? '' : `; ${versions.join(', ')}`}`,
  ].join('; ');
}
