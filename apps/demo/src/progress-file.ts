import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const progressSchema = z.object({
  version: z.literal(1),
  seed: z.number().int(),
  /** Last day of the history; fixed at the first start, so that the world stays the same. */
  endDay: day,
  /** Days of the history that the API has taken, from the first one on. */
  daysLoaded: z.number().int().min(0),
  /** Up to here the shop has records, in ms; null until the history is loaded. */
  coveredUntil: z.number().nullable(),
});

/** How far the demo has come. Records are stable, so repeating what was sent after it is harmless. */
export type DemoProgress = z.output<typeof progressSchema>;

export interface ProgressFile {
  read(): Promise<DemoProgress | null>;
  /** Replaces the file at once: a kill leaves the old or the new one. */
  write(progress: DemoProgress): Promise<void>;
}

export function openProgressFile(dataDir: string): ProgressFile {
  const file = path.join(dataDir, 'demo.json');
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
      return parse(file, text);
    },
    async write(progress) {
      const next = `${file}.next`;
      await writeFile(next, `${JSON.stringify(progress, null, 2)}\n`);
      await rename(next, file);
    },
  };
}

/** Starting over by itself would lay a second history beside the first, with other dates. */
function parse(file: string, text: string): DemoProgress {
  try {
    return progressSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(
      `${file} is not readable: delete the data folder to start the demo afresh, or restore the file`,
      { cause },
    );
  }
}
