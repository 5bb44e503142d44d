import fs from 'node:fs';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { ask } from '../model/ask.ts';
import { d1Views } from './sample-data.ts';

/** Blocks of JSON in the page that are whole questions; others are parts of one. */
function questions(): QueryInput[] {
  const page = fs.readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');
  const blocks = Array.from(page.matchAll(/^```json\n(.*?)^```/gms), ([, text]) => text);
  return blocks.flatMap((text) => {
    const block = JSON.parse(text) as QueryInput;
    const isCohort = block.type === 'cohort' && 'filters' in block;
    return 'range' in block || isCohort || block.type === 'list' ? [block] : [];
  });
}

test.each(questions().map((question) => [question.type, question] as const))(
  'docs/api.md: a question of type %s is one, with every field that it names, and has an answer',
  (_, question) => {
    const parsed: object = querySchema.parse(question);
    for (const field of Object.keys(question)) expect(parsed).toHaveProperty(field);
    expect(ask(d1Views, question).type).toBe(question.type);
  },
);
