// Pictures of the screens in a real browser, on the pretended library, for looking at them:
//   npm run look -- home sync?running albums/1 --sizes 1280x800,900x600 --themes light,dark --language de --out looks
// A place is what follows `#/`; a scenario of the pretended library may follow after `@`: `home@failed`, `sync@running`.
// Also prints everything that the content security policy refused, and what axe finds (serious and critical).

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { pretend } from './pretend/server.mjs';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const places = [];
const options = {
  sizes: '1280x800,900x600',
  themes: 'light,dark',
  language: 'en',
  out: join(ui, 'looks'),
  zoom: '1',
  build: 'yes',
  full: 'no',
};
for (let index = 2; index < process.argv.length; index += 1) {
  const word = process.argv[index];
  if (!word.startsWith('--')) {
    places.push(word);
    continue;
  }
  index += 1;
  options[word.slice(2)] = process.argv[index];
}
if (places.length === 0)
  places.push('home', 'sync@running', 'photos', 'albums', 'albums/1', 'activity', 'settings', 'welcome@fresh');

let dist = options.dist;
const made = dist ? null : mkdtempSync(join(tmpdir(), 'photokeep-look-'));
if (made) {
  dist = made;
  execFileSync(process.execPath, [join(ui, 'tools/messages.mjs')], { stdio: 'inherit' });
  const vite = [
    join(ui, 'node_modules/vite/bin/vite.js'),
    'build',
    '--outDir',
    dist,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ];
  const env = { ...process.env, ...(places.includes('gallery') ? { PHOTOKEEP_GALLERY: '1' } : {}) };
  execFileSync(process.execPath, vite, { cwd: ui, stdio: 'inherit', env });
}
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const server = await pretend({ dist });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--hide-scrollbars'] });
const axe = readFileSync(join(ui, 'node_modules/axe-core/axe.min.js'), 'utf8');
mkdirSync(options.out, { recursive: true });
let faults = 0;

for (const place of places) {
  const [path, scenario = 'ready'] = place.split('@');
  await fetch(`${server.address}pretend`, { method: 'POST', body: JSON.stringify({ scenario }) });
  for (const size of options.sizes.split(',')) {
    for (const theme of options.themes.split(',')) {
      const [width, height] = size.split('x').map(Number);
      const zoom = Number(options.zoom);
      const context = await browser.newContext({
        viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
        deviceScaleFactor: zoom,
        colorScheme: theme,
        locale: options.language === 'de' ? 'de-DE' : 'en-GB',
        timezoneId: 'Europe/Berlin',
      });
      const page = await context.newPage();
      const complain = (text) => {
        faults += 1;
        console.log(`${place} ${size} ${theme}: ${text}`);
      };
      page.on('console', (message) => {
        // Pictures that are broken on purpose are told of by the browser itself.
        if (message.location().url.includes('/media/') || !['error', 'warning'].includes(message.type())) return;
        complain(message.text());
      });
      page.on('pageerror', (error) => complain(error.stack ?? error.message));
      await page.goto(path === 'gallery' ? `${server.address}tools/gallery/index.html` : `${server.address}#/${path}`);
      await page.waitForTimeout(600);
      if (options.press) for (const key of options.press.split(',')) await page.keyboard.press(key);
      if (options.click) await page.click(options.click);
      if (options.press || options.click) await page.waitForTimeout(400);
      const name = `${path.replace(/[^\w-]+/g, '-')}${scenario === 'ready' ? '' : `-${scenario}`}-${options.language}-${size}-${theme}${zoom === 1 ? '' : `-${zoom}x`}.png`;
      await page.screenshot({ path: join(options.out, name), fullPage: options.full === 'yes' });
      // Playwright evaluates outside the page's policy.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        complain(
          `axe ${impact} ${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | ')}`,
        );
      }
      await context.close();
      console.log(name);
    }
  }
}
await browser.close();
server.close();
if (made) rmSync(made, { recursive: true });
process.exitCode = faults ? 1 : 0;
