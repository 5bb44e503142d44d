import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import type { World, WorldEvent } from '../model/world.ts';

/** Public data sets with reference answers; they are too large for the repository and lie beside it. */
const folder = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));

export const hasDataSets = existsSync(folder);

export type AnswerRow = Readonly<Record<string, string | number | null | (number | null)[]>>;

export function loadWorld(name: string): World {
  return { events: readEvents(name), people: readPeople(name) };
}

/** Reference rows of the data set's questions, by their id; the file is read when the first is asked for. */
export function dataSetAnswers(name: string): (id: string) => readonly AnswerRow[] {
  let answers: { id: string; answer: AnswerRow[] }[] | undefined;
  return (id) => {
    answers ??= (
      JSON.parse(readFileSync(`${folder}${name}/answers.json`, 'utf8')) as {
        answers: { id: string; answer: AnswerRow[] }[];
      }
    ).answers;
    const found = answers.find((answer) => answer.id === id);
    if (!found) throw new Error(`${name} has no answer "${id}"`);
    return found.answer;
  };
}

/** Files in the form that `/import` and `/engage` take. */
export function dataSetFiles(name: string): { events: string; people: string } {
  return {
    events: `${folder}${name}/events.ndjson.gz`,
    people: `${folder}${name}/people.ndjson.gz`,
  };
}

type EventProperties = Properties & { readonly distinct_id: string; readonly time: number };

function readEvents(name: string): WorldEvent[] {
  return readLines(`${name}/events.ndjson.gz`).map((line) => {
    const { event, properties } = line as { event: string; properties: EventProperties };
    return { user: properties.distinct_id, event, time: properties.time, properties };
  });
}

function readPeople(name: string): Record<string, Properties> {
  return Object.fromEntries(
    readLines(`${name}/people.ndjson.gz`).map((line) => {
      const { $distinct_id: user, $set: properties } = line as {
        $distinct_id: string;
        $set: Properties;
      };
      return [user, properties];
    }),
  );
}

function readLines(path: string): PropertyValue[] {
  const text = gunzipSync(readFileSync(folder + path)).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PropertyValue);
}
