// Compiles messages/<room>/{en,de}.json into src/lib/paraglide. Does nothing when the texts have not changed, so that
// several commands may run it at the same time.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@inlang/paraglide-js';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = join(ui, 'src/lib/paraglide');
const stamp = join(outdir, '.stamp');

const hash = createHash('sha256');
hash.update(readFileSync(join(ui, 'project.inlang/settings.json')));
hash.update(readFileSync(fileURLToPath(import.meta.url)));
hash.update(readFileSync(join(ui, 'package.json')));
for (const room of readdirSync(join(ui, 'messages')).sort()) {
  for (const file of readdirSync(join(ui, 'messages', room)).sort()) {
    const text = readFileSync(join(ui, 'messages', room, file), 'utf8');
    try {
      JSON.parse(text);
    } catch (error) {
      console.error(`messages/${room}/${file} is not valid JSON: ${error.message}`);
      process.exit(1);
    }
    hash.update(`${room}/${file}\0`).update(text);
  }
}
const fresh = hash.digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fresh) {
  await compile({
    project: join(ui, 'project.inlang'),
    outdir,
    // The locale lives in src/lib/locale.svelte.ts, which replaces paraglide's own lookup.
    strategy: ['globalVariable', 'baseLocale'],
    outputStructure: 'locale-modules',
    emitGitIgnore: false,
    emitPrettierIgnore: false,
    emitReadme: false,
    isServer: 'false',
    cleanOutdir: false,
    disableAsyncLocalStorage: true,
  });
  writeFileSync(stamp, fresh);
}
