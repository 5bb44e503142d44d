import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { shopProject } from './shop-project.ts';

test('sends to the demo project', async () => {
  const source = new URL('../../../../../packages/demo-world/src/demo-project.ts', import.meta.url);
  const text = await readFile(source, 'utf8');
  expect(text).toContain(`id: ${shopProject.id},`);
  expect(text).toContain(`token: '${shopProject.token}',`);
});
