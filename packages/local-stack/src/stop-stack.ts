import fs from 'node:fs';
import { dataFolder } from './data-folder.ts';
import { holderOf, lockFolder } from './folder-lock.ts';
import { endLeftovers } from './leftovers.ts';
import { isAlive, signalProcess } from './process-table.ts';
import { waitUntil } from './wait.ts';

/** A little more than a supervisor gives itself. */
const stopMsMax = 12_000;

/** Ends what runs on this data folder, whoever started it, and says in a sentence what that was. */
export async function stopStack(dataDirectory: string): Promise<string> {
  if (!fs.existsSync(dataDirectory)) return `nothing runs: there is no ${dataDirectory}`;
  const supervisor = holderOf(dataDirectory);
  if (supervisor !== null) {
    const { pid } = supervisor;
    signalProcess(pid, 'SIGTERM');
    if (!(await waitUntil(() => !isAlive(pid), { timeoutMs: stopMsMax }))) {
      signalProcess(pid, 'SIGKILL');
      await waitUntil(() => !isAlive(pid), { timeoutMs: 2000 });
    }
  }
  // Also after an ordinary stop: a supervisor that had to be killed leaves its children.
  const lock = lockFolder(dataDirectory);
  const ended = await endLeftovers(dataFolder(dataDirectory));
  lock.release();
  if (supervisor !== null) return `stopped the stack of ${dataDirectory}`;
  if (ended.length > 0)
    return `ended what a killed stack left in ${dataDirectory}: ${ended.join(', ')}`;
  return `nothing runs on ${dataDirectory}`;
}
