// The programs under test as processes: the simulated Google and `photokeep serve`. Whatever is started here ends with the
// test: by its id in the ordinary case, and when the tests themselves are killed, the simulator by the end of its input.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
const ending = process.platform === 'win32' ? '.exe' : '';

/** Where cargo puts a program. */
function program(name) {
  return join(target, 'debug', name + ending);
}

const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

function start(name, args, environment) {
  const path = program(name);
  if (!existsSync(path))
    throw new Error(`${path} is not there; build it first (cargo build -p photokeep-cli -p photokeep-simulator)`);
  const child = spawn(path, args, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  alive.add(child);
  child.complaints = '';
  child.stderr.on('data', (data) => {
    child.complaints = (child.complaints + data).slice(-20_000);
  });
  child.ended = new Promise((done) => {
    child.once('exit', (code, signal) => {
      alive.delete(child);
      done({ code, signal });
    });
  });
  return child;
}

/** The first line a program prints that `read` understands. */
async function firstLine(child, read) {
  const lines = createInterface({ input: child.stdout });
  const found = new Promise((done) => {
    lines.on('line', (line) => {
      const value = read(line);
      if (value !== null) done(value);
    });
  });
  const died = child.ended.then(({ code }) => {
    throw new Error(`a program ended at once with code ${code}: ${child.complaints}`);
  });
  return Promise.race([found, died]);
}

/** Ends a process and waits until it is gone. */
export async function end(child, signal = 'SIGTERM') {
  if (!alive.has(child)) return child.ended;
  child.kill(signal);
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const how = await child.ended;
  clearTimeout(patience);
  return how;
}

/** Starts a simulated Google; resolves to what it says of itself, and its process. */
export async function startSimulator(args) {
  const child = start('photokeep-simulator', ['--until-stdin-closes', ...args], {});
  const ready = await firstLine(child, (line) => (line.startsWith('{') ? JSON.parse(line) : null));
  return { child, ready };
}

/** Writes an export of Takeout into a folder. */
export async function makeExport(folder, args) {
  const child = start('photokeep-simulator', ['takeout', folder, ...args], {});
  child.stdout.resume();
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`the export was not made: ${child.complaints}`);
}

/** Writes a copy of a folder of photos as an old backup may look; resolves to what happened to each file. */
export async function makeOldBackup(photos, folder) {
  const child = start('photokeep-simulator', ['damaged-copy', photos, folder], {});
  let lines = '';
  child.stdout.on('data', (data) => {
    lines += data;
  });
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`the old backup was not made: ${child.complaints}`);
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Starts `photokeep serve`; resolves to the address it prints, split into origin and one-time code. */
export async function startServe(args, environment) {
  const child = start('photokeep', ['serve', ...args], environment);
  const address = await firstLine(child, (line) => /http:\/\/\S+#code=\S+/.exec(line)?.[0] ?? null);
  const url = new URL(address);
  return { child, address, origin: url.origin, code: url.hash.replace('#code=', '') };
}

/** Runs `photokeep` to its end. */
export async function runPhotokeep(args, environment) {
  const child = start('photokeep', args, environment);
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  const { code } = await child.ended;
  return { code, output, complaints: child.complaints };
}
