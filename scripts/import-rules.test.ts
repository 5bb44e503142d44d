import { describe, expect, it } from 'vitest';
import { dependencyBreaches, packageName, type Manifest } from './dependency-rules.ts';
import { breachesOf, importsOf } from './import-rules.ts';

const check = (path: string, ...lines: string[]): string[] =>
  breachesOf({ path, text: `${lines.join('\n')}\n` });

describe('importsOf', () => {
  it('finds every form of import, and whether it is of types only', () => {
    const text = [
      `import fs from 'node:fs';`,
      `import type { A } from './a.ts';`,
      `import { type B, type C } from './b.ts';`,
      `import { type D, e } from './d.ts';`,
      `import {`,
      `  f,`,
      `} from './f.ts';`,
      `import './side-effect.ts';`,
      `export { g } from './g.ts';`,
      `export * from './h.ts';`,
      `export const text = 'not an import';`,
      `// import x from './comment.ts';`,
      `/* import y from './comment.ts'; */`,
      `const late = await import('./late.ts');`,
    ].join('\n');
    expect(importsOf(text).map(({ specifier, typeOnly }) => [specifier, typeOnly])).toEqual([
      ['node:fs', false],
      ['./a.ts', true],
      ['./b.ts', true],
      ['./d.ts', false],
      ['./f.ts', false],
      ['./side-effect.ts', false],
      ['./g.ts', false],
      ['./h.ts', false],
      ['./late.ts', false],
    ]);
  });
});

describe('the direction between packages', () => {
  it('lets apps import packages, and never the other way', () => {
    expect(check('apps/api/src/a.ts', `import { x } from '@arbor/schema/query';`)).toEqual([]);
    expect(check('packages/engine/src/base/a.ts', `import { x } from '@arbor/db';`)).toEqual([
      `'@arbor/db': packages/engine may not import db`,
    ]);
    expect(check('packages/sdk-js/src/a.ts', `import { x } from '@arbor/schema/ingest';`)).toEqual([
      `'@arbor/schema/ingest': packages/sdk-js may not import schema`,
    ]);
  });

  it('keeps what holds rows out of the api, but not out of its tests', () => {
    const line = `import { ShardStore } from '@arbor/engine/store';`;
    expect(check('apps/api/src/dqs/a.ts', line)).toEqual([
      `'@arbor/engine/store': the api may import compose, errors, group-project, identity/undo, merge, placement, plan, plan-lists of the engine only`,
    ]);
    expect(check('apps/api/src/dqs/a.test.ts', line)).toEqual([]);
    expect(check('apps/worker/src/a.ts', line)).toEqual([]);
  });

  it("lets the dashboard take the router's type and nothing else of the api", () => {
    const type = `import type { AppRouter } from '@arbor/api/router';`;
    expect(check('apps/web/src/a.ts', type)).toEqual([]);
    expect(check('apps/web/src/a.ts', type.replace('import type', 'import'))).toHaveLength(1);
  });

  it('refuses a relative import that leaves its package', () => {
    expect(check('apps/api/src/a.ts', `import { x } from '../../worker/src/b.ts';`)).toEqual([
      `'../../worker/src/b.ts' leaves apps/api: import the package by its name`,
    ]);
  });
});

describe('the direction inside the engine', () => {
  const from = (folder: string, target: string): string[] =>
    check(`packages/engine/src/${folder}/a.ts`, `import { x } from '${target}';`);

  it('goes base ← format ← store and base ← query', () => {
    expect(from('store', '../format/row-batch.ts')).toEqual([]);
    expect(from('query/exec', '../kernels/mask.ts')).toEqual([]);
    expect(from('format', '../store/shard-store.ts')).toEqual([
      `'../store/shard-store.ts': in the engine, format may not import store`,
    ]);
    expect(from('query/kernels', '../plan/plan.ts')).toHaveLength(1);
  });

  it('lets the store see the one port it implements', () => {
    expect(from('store', '../query/exec/shard-view.ts')).toEqual([]);
    expect(from('store/people', '../../query/exec/shard-view.ts')).toEqual([]);
    expect(from('store', '../query/exec/execute.ts')).toHaveLength(1);
  });
});

describe('files', () => {
  it('are imported by their whole name', () => {
    expect(check('apps/api/src/a.ts', `import { x } from './b';`)).toEqual([
      `'./b': write the file's whole name with .ts`,
    ]);
  });

  it('are named for what they hold, and none only passes on what others export', () => {
    expect(check('apps/api/src/utils/a.ts')).toEqual([
      '"utils" says nothing: name it for what it holds',
    ]);
    expect(check('apps/api/src/helpers.ts')).toHaveLength(1);
    expect(check('apps/api/src/index.ts')).toEqual([
      'there are no index files: import the module itself',
    ]);
    expect(
      check('apps/api/src/a.ts', `export { x } from './x.ts';`, `export * from './y.ts';`),
    ).toEqual(['it only passes on what others export: import those modules themselves']);
  });
});

describe('declared dependencies', () => {
  const breaches = (manifest: Partial<Manifest>, text: string, path = 'apps/api/src/a.ts') =>
    dependencyBreaches({
      manifest: { name: '@arbor/api', ...manifest },
      files: [{ path, text }],
      mentions: '',
      rootTools: new Set(['vitest']),
    });
  const pino = { dependencies: { pino: '1' } };

  it('are those that are used', () => {
    expect(breaches(pino, `import pino from 'pino';`)).toEqual([]);
    expect(breaches(pino, `import pino from 'pino/file';`)).toEqual([]);
    expect(breaches({}, `import pino from 'pino';`)).toEqual([
      `apps/api/src/a.ts: 'pino' is not declared in its package.json`,
    ]);
    expect(breaches(pino, `import zod from 'zod';`)).toEqual([
      `apps/api/src/a.ts: 'zod' is not declared in its package.json`,
      `'pino' is declared but nothing uses it`,
    ]);
  });

  it('may be tools of the root in tests only', () => {
    const line = `import { it } from 'vitest';`;
    expect(breaches({}, line, 'apps/api/src/a.test.ts')).toEqual([]);
    expect(breaches({}, line)).toHaveLength(1);
  });

  it('must not be for development only when production needs them', () => {
    const dev = { devDependencies: { pino: '1' } };
    expect(breaches(dev, `import pino from 'pino';`)).toEqual([
      `apps/api/src/a.ts: 'pino' is a devDependency but is needed at run time`,
    ]);
    expect(breaches(dev, `import type { Logger } from 'pino';`)).toEqual([]);
  });

  it('may be one a platform, named by a template', () => {
    const optionalDependencies = { '@embedded/linux-x64': '1', '@embedded/darwin-x64': '1' };
    const text = 'const name = `@embedded/${process.platform}-${process.arch}`;';
    expect(breaches({ optionalDependencies }, text)).toEqual([]);
  });

  it('are told apart from modules of Node and our own files', () => {
    expect(packageName('node:fs')).toEqual([]);
    expect(packageName('./a.ts')).toEqual([]);
    expect(packageName('@trpc/server/adapters/fastify')).toEqual(['@trpc/server']);
    expect(packageName('next/link')).toEqual(['next']);
  });
});
