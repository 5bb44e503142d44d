/**
 * Who may import whom (architecture 2, conventions 1). The tables are the rule; the code below only
 * compares. Everything here is pure: `check-imports.ts` reads the files.
 */

/** Our packages by their folder, and what each may import of ours. */
export const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  'packages/schema': [],
  'packages/sdk-js': [],
  // A language over plain JSON: the dashboard checks what is typed with the parser that the engine runs.
  'packages/expression': [],
  'packages/engine': ['expression', 'schema'],
  'packages/db': ['schema'],
  'packages/object-store': [],
  'packages/runtime': ['schema'],
  'packages/queue': ['runtime', 'schema'],
  'packages/demo-world': ['schema'],
  // Asks a stack over HTTP, and the engine with the tools of its tests.
  'packages/conformance': ['engine', 'local-stack', 'schema'],
  'packages/bench': ['db', 'engine', 'local-stack', 'object-store', 'schema'],
  'packages/local-stack': ['db', 'queue', 'runtime', 'schema'],
  'apps/api': ['db', 'demo-world', 'engine', 'expression', 'queue', 'runtime', 'schema', 'sdk-js'],
  'apps/worker': ['db', 'engine', 'object-store', 'queue', 'runtime', 'schema'],
  'apps/demo': ['demo-world', 'runtime', 'schema'],
  'apps/web': ['api', 'expression', 'schema'],
  // Pages of tests bundle the browser SDK as a customer's do.
  tests: ['demo-world', 'engine', 'local-stack', 'schema', 'sdk-js'],
};

/**
 * The api plans and merges; what holds rows belongs to the storage processes. It shows what undoing a link would do by
 * the rule that the ETL then goes by, and names groups as they are stored.
 */
const apiEngineEntries = [
  'compose',
  'errors',
  'group-project',
  'identity/undo',
  'merge',
  'placement',
  'plan',
  'plan-lists',
];

/** Folders of the engine, and which of its other folders each may import. */
const engineFolders: Readonly<Record<string, readonly string[]>> = {
  base: [],
  format: ['base'],
  identity: ['base'],
  store: ['base', 'format', 'identity'],
  // Makes segments as the store does, out of files instead of batches.
  import: ['base', 'format', 'identity', 'store'],
  'query/plan': ['base'],
  'query/kernels': ['base'],
  'query/merge': ['base', 'query/kernels', 'query/plan'],
  // Users one by one, out of what rows or days come to: the same for views and snapshots.
  'query/users': ['base', 'query/kernels', 'query/merge', 'query/plan'],
  'query/exec': ['base', 'query/kernels', 'query/merge', 'query/plan', 'query/users'],
  // Queries of queries: which to plan, and arithmetic over their merged results.
  'query/compose': ['base', 'query/merge', 'query/plan'],
  // Over columns instead of rows, with the executors' rules of what passes.
  'query/scan': ['base', 'format', 'query/exec', 'query/kernels', 'query/merge', 'query/plan'],
  // Binds everything: opens segments, merges parts as the store does, and runs scans on threads.
  'query/host': [
    'base',
    'format',
    'query/exec',
    'query/kernels',
    'query/merge',
    'query/plan',
    'query/scan',
    'query/users',
    'store',
  ],
  // Reads the parts of days as the host's threads do, and filters as the executors do.
  export: ['base', 'format', 'query/exec', 'query/host', 'query/plan', 'query/scan', 'store'],
};

/** The ports through which queries read: declared by those who use them, implemented by `store`, and read by `query/users`. */
const enginePorts = ['query/exec/shard-view.ts', 'query/scan/project-snapshot.ts'];

/** One import as it stands in a file. */
export type Import = {
  readonly specifier: string;
  /** Erased by the compiler: it makes no dependency at run time. */
  readonly typeOnly: boolean;
  readonly isReexport: boolean;
};

export type SourceFile = {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
};

/** Tests may take the tools of tests, but keep to the direction between packages like everything else. */
export const isTest = (path: string): boolean =>
  /\.(test|test-d|bench|contract)\.tsx?$/.test(path) || /(^|\/)(test|tests|testing)\//.test(path);

/** The folder of the package a file belongs to, or null for the scripts and configurations at the root. */
export function packageOf(path: string): string | null {
  const [first = '', second = ''] = path.split('/');
  if (first === 'tests') return 'tests';
  return first === 'apps' || first === 'packages' ? `${first}/${second}` : null;
}

const statement =
  /^[ \t]*(import|export)\b(\s+type\b)?([^'";]*?\bfrom\s*)?\s*(?:\(\s*)?['"]([^'"\n]+)['"]/gm;
const dynamic = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

/**
 * The imports of a file whose layout the formatter made, so that a statement begins its line. Comments
 * are taken out first; what a string holds at the start of a line would be mistaken, and is not written here.
 */
export function importsOf(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^[ \t]*\/\/.*$/gm, '');
  const found: Import[] = [];
  for (const [, keyword, type, clause = '', specifier = ''] of code.matchAll(statement)) {
    if (keyword === 'export' && clause === '') continue; // `export const x = 'text'`
    const typeOnly = type !== undefined || onlyTypes(clause);
    found.push({ specifier, typeOnly, isReexport: keyword === 'export' });
  }
  for (const [, specifier = ''] of code.matchAll(dynamic)) {
    found.push({ specifier, typeOnly: false, isReexport: false });
  }
  return found;
}

/** `import { type A, type B } from`: every name is a type. */
function onlyTypes(clause: string): boolean {
  const names = /^\s*\{([^}]*)\}\s*from\s*$/.exec(clause)?.[1];
  if (names === undefined) return false;
  const each = names.split(',').filter((name) => name.trim() !== '');
  return each.length > 0 && each.every((name) => /^\s*type\s/.test(name));
}

/** Every breach of the rules in one file, each as a sentence. */
export function breachesOf(file: SourceFile): string[] {
  const imports = importsOf(file.text);
  return [
    ...nameBreaches(file, imports),
    ...imports.flatMap((one) =>
      one.specifier.startsWith('.')
        ? relativeBreaches(file.path, one)
        : packageBreaches(file.path, one),
    ),
  ];
}

const vagueNames = /^(utils?|common|helpers?|misc)$/;

function nameBreaches({ path, text }: SourceFile, imports: readonly Import[]): string[] {
  const parts = path.split('/').map((part) => part.replace(/\.(test\.)?tsx?$/, ''));
  const breaches: string[] = [];
  const vague = parts.find((part) => vagueNames.test(part));
  if (vague !== undefined) breaches.push(`"${vague}" says nothing: name it for what it holds`);
  if (parts.at(-1) === 'index') breaches.push('there are no index files: import the module itself');
  const reexports = imports.filter((one) => one.isReexport).length;
  const isBarrel = reexports > 1 && !/^export (?!type \{|\{|\*)/m.test(text);
  if (isBarrel)
    breaches.push('it only passes on what others export: import those modules themselves');
  return breaches;
}

function relativeBreaches(path: string, { specifier }: Import): string[] {
  const target = resolve(path, specifier);
  const breaches: string[] = [];
  if (!/\.(tsx?|mjs|css|json)$/.test(specifier)) {
    breaches.push(`'${specifier}': write the file's whole name with .ts`);
  }
  // Configurations and scripts at the root may reach into packages; nothing may reach out of one.
  const own = packageOf(path);
  if (own !== null && packageOf(target) !== own) {
    breaches.push(`'${specifier}' leaves ${own}: import the package by its name`);
  }
  const engineBreach =
    own === 'packages/engine' && !isTest(path) ? engineFolderBreach(path, target) : null;
  return engineBreach === null ? breaches : [...breaches, `'${specifier}': ${engineBreach}`];
}

function engineFolderBreach(path: string, target: string): string | null {
  const source = 'packages/engine/src/';
  const [from, to] = [engineFolder(path), engineFolder(target)];
  if (from === null || to === null || from === to) return null;
  if (
    (from === 'store' || from === 'query/users') &&
    enginePorts.some((port) => target === source + port)
  )
    return null;
  if (engineFolders[from]?.includes(to) === true) return null;
  return `in the engine, ${from} may not import ${to}`;
}

function engineFolder(path: string): string | null {
  const inside = /^packages\/engine\/src\/(.+)$/.exec(path)?.[1];
  if (inside === undefined) return null;
  return Object.keys(engineFolders).find((folder) => inside.startsWith(`${folder}/`)) ?? null;
}

function packageBreaches(path: string, { specifier, typeOnly }: Import): string[] {
  const own = packageOf(path);
  const [, target, entry = ''] = /^@arbor\/([^/]+)\/?(.*)$/.exec(specifier) ?? [];
  if (own === null || target === undefined) return [];
  if (own.endsWith(`/${target}`)) return []; // a package may name itself, as its users do
  if (allowedPackages[own]?.includes(target) !== true) {
    return [`'${specifier}': ${own} may not import ${target}`];
  }
  if (own === 'apps/web' && target === 'api' && !(typeOnly && entry === 'router')) {
    return [`'${specifier}': the dashboard takes of the api the router's type only`];
  }
  const isEngineOfApi = own === 'apps/api' && target === 'engine' && !isTest(path);
  if (isEngineOfApi && !apiEngineEntries.includes(entry)) {
    return [`'${specifier}': the api may import ${apiEngineEntries.join(', ')} of the engine only`];
  }
  return [];
}

function resolve(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
