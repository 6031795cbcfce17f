// Compiles messages/<room>/{en,de}.json into src/lib/paraglide. Does nothing when the texts have not changed, so that
// several commands may run it at the same time.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

// In which language a text is said is decided in one function, not once more in each of a thousand texts.
const either = `import { getLocale } from './runtime.js'
/** @type {any} */
export const either = (en, de) => (inputs = {}, options = {}) => ((options.locale ?? getLocale()) === 'en' ? en : de)(inputs)
`;

/** Has a compiled text use it. */
function shorten(path) {
  const compiled = readFileSync(path, 'utf8');
  // By another command that runs at the same time.
  if (compiled.includes("from '../either.js'")) return;
  let found = 0;
  const text = compiled
    .replace(/^import \{ getLocale, experimentalStaticLocale \} .*$/m, "import { either } from '../either.js'")
    .replace(
      /\(\(inputs(?: = \{\})?, options = \{\}\) => \{\s*const locale = .*\s*if \(locale === "en"\) return (\w+)\(inputs\)\s*return (\w+)\(inputs\)\s*\}\);/,
      (_all, en, de) => {
        found += 1;
        return `(/* @__PURE__ */ either(${en}, ${de}));`;
      },
    );
  if (found !== 1) throw new Error(`${path}: the compiled text looks different from what is known`);
  writeFileSync(path, text);
}

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fresh) {
  // Of texts that are no more, or of another way to compile them.
  rmSync(join(outdir, 'messages'), { recursive: true, force: true });
  await compile({
    project: join(ui, 'project.inlang'),
    outdir,
    // The locale lives in src/lib/locale.svelte.ts, which replaces paraglide's own lookup.
    strategy: ['globalVariable', 'baseLocale'],
    outputStructure: 'message-modules',
    emitGitIgnore: false,
    emitPrettierIgnore: false,
    emitReadme: false,
    isServer: 'false',
    cleanOutdir: false,
    disableAsyncLocalStorage: true,
  });
  for (const name of readdirSync(join(outdir, 'messages')))
    if (name.endsWith('.js') && name !== '_index.js') shorten(join(outdir, 'messages', name));
  writeFileSync(join(outdir, 'either.js'), either);
  writeFileSync(stamp, fresh);
}
