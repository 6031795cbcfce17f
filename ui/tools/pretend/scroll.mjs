// Scrolls the pretended library of 200,000 items from end to end in a real browser and tells what was seen:
//   node tools/pretend/scroll.mjs --dist /tmp/dist [--steps 400] [--wait 16] [--size 1280x800]
// Per frame: pictures in the DOM, whether the middle of the view shows tiles or only grey, and how long frames took.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { pretend } from './server.mjs';

const option = (name, otherwise) => {
  const index = process.argv.indexOf(`--${name}`);
  return index > 0 ? process.argv[index + 1] : otherwise;
};
const [width, height] = option('size', '1280x800').split('x').map(Number);
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const server = await pretend({ dist: option('dist'), scenario: 'huge' });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--js-flags=--expose-gc'] });
const page = await browser.newPage({ viewport: { width, height } });
page.on('pageerror', (error) => console.log(error.stack));
let pictures = 0;
page.on('request', (request) => {
  if (request.url().includes('/thumbnail/')) pictures += 1;
});
const begin = Date.now();
await page.goto(`${server.address}#/photos`);
await page.waitForSelector('[data-id]');
console.log(`first tiles after ${Date.now() - begin} ms`);
const client = await page.context().newCDPSession(page);
await client.send('Performance.enable');
const heap = async () => {
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  return `${(usedSize / 1e6).toFixed(1)} MB`;
};
console.log('heap before', await heap());
const cost = async () => {
  const { metrics } = await client.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
};
const before = await cost();
const seen = await page.evaluate(
  async ({ steps, wait }) => {
    const view = document.querySelector('.view.dated');
    const end = view.scrollHeight - view.clientHeight;
    const result = {
      height: view.scrollHeight,
      steps,
      mostTiles: 0,
      mostNodes: 0,
      framesWithoutTiles: 0,
      longestWithoutTiles: 0,
      longestBlank: 0,
      longestFrame: 0,
      over50: 0,
    };
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    let empty = null;
    let blank = null;
    let last = performance.now();
    for (let step = 1; step <= steps; step += 1) {
      view.scrollTop = (end * step) / steps;
      await frame();
      if (wait > 16) await new Promise((done) => setTimeout(done, wait - 16));
      await frame();
      const now = performance.now();
      const box = view.getBoundingClientRect();
      const tiles = [...document.querySelectorAll('[data-id]')];
      const inView = tiles.some((tile) => {
        const { top, bottom } = tile.getBoundingClientRect();
        return bottom > box.top + 60 && top < box.bottom;
      });
      const grey = [...document.querySelectorAll('.waiting, .heading')].some((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return bottom > box.top && top < box.bottom;
      });
      empty = inView ? null : (empty ?? last);
      blank = inView || grey ? null : (blank ?? last);
      if (!inView) result.framesWithoutTiles += 1;
      result.longestWithoutTiles = Math.max(result.longestWithoutTiles, empty === null ? 0 : now - empty);
      result.longestBlank = Math.max(result.longestBlank, blank === null ? 0 : now - blank);
      result.longestFrame = Math.max(result.longestFrame, now - last);
      if (now - last > 50 + wait) result.over50 += 1;
      last = now;
      result.mostTiles = Math.max(result.mostTiles, tiles.length);
      result.mostNodes = Math.max(result.mostNodes, view.querySelectorAll('*').length);
    }
    return result;
  },
  { steps: Number(option('steps', '400')), wait: Number(option('wait', '16')) },
);
console.log(seen, { pictures });
const after = await cost();
for (const name of ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration', 'TaskDuration'])
  console.log(`${name} a step: ${(((after[name] - before[name]) * 1000) / seen.steps).toFixed(2)} ms`);
console.log('heap after', await heap());
await page.waitForTimeout(500);
console.log(
  'at the end',
  await page.evaluate(() => [...document.querySelectorAll('.heading h2')].map(({ textContent }) => textContent)),
);
await browser.close();
server.close();
