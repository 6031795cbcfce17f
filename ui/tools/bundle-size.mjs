// Prints what the bundle weighs compressed, and fails when it outgrows its budget.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** Bytes, all files together, gzip. Set by the issue "The desktop app". */
const budget = 300_000;

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = process.argv.indexOf('--outDir');
const dist = at > 0 ? process.argv[at + 1] : join(ui, 'dist');

const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });

let total = 0;
for (const path of files(dist).sort()) {
  const size = gzipSync(readFileSync(path), { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${relative(dist, path)}`);
}
console.log(`${String(total).padStart(8)}  gzip in all, of ${budget}`);
if (total > budget) {
  console.error('The bundle is over its budget.');
  process.exit(1);
}
