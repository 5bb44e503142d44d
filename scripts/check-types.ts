// Type-checks every package, app, the tests and these scripts. A compiler run a project, two at a time:
// the native compiler takes about a second each, so nothing is gained by caching.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const compiler = path.join(root, 'node_modules/.bin/tsc');
const projects = [
  ...['packages', 'apps'].flatMap((parent) =>
    fs.readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`),
  ),
  'tests',
  'scripts',
].filter((folder) => fs.existsSync(path.join(root, folder, 'tsconfig.json')));

const waiting = [...projects];
let failures = 0;
await Promise.all([checkNext(), checkNext()]);
process.stdout.write(`${projects.length} projects, ${failures} with type errors\n`);
process.exitCode = failures === 0 ? 0 : 1;

async function checkNext(): Promise<void> {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const output = await check(project);
    if (output === null) continue;
    failures++;
    process.stderr.write(output);
  }
}

/** What the compiler said, or null when the project is sound. */
function check(project: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler, ['-p', project, '--pretty', 'false'], { cwd: root });
    let output = '';
    const keep = (text: string): void => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', reject);
    child.once('close', (code) =>
      resolve(code === 0 ? null : output || `${project}: code ${code}\n`),
    );
  });
}
