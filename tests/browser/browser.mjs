// Chromium, and what every page is watched for: whatever the console complains of, what the content security policy refuses,
// and what axe finds.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { whole, within } from './words.mjs';

const require = createRequire(new URL('../../ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Why tests in a browser cannot run here; `false` when they can. */
export const cannot = executablePath ? false : 'Chromium is not installed';

export class Browser {
  #contexts = [];
  #complaints = [];

  static async open() {
    const browser = new Browser();
    // Chromium has no sandbox for root, which containers run as.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser.chromium = await chromium.launch({ executablePath, args: [...args, '--hide-scrollbars'] });
    return browser;
  }

  /**
   * A page in a browser profile of its own. `zoom` is what Ctrl and + do; `expects` lists, as regular expressions, what the
   * console may complain of because the test makes it happen.
   */
  async page(address, { cookie, language = 'en', theme = 'light', size = [1280, 800], zoom = 1, expects = [] } = {}) {
    const context = await this.chromium.newContext({
      viewport: { width: Math.round(size[0] / zoom), height: Math.round(size[1] / zoom) },
      deviceScaleFactor: zoom,
      colorScheme: theme,
      locale: language === 'de' ? 'de-DE' : 'en-GB',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    });
    this.#contexts.push(context);
    if (cookie) {
      const { hostname, port } = new URL(address);
      await context.addCookies([
        { name: `photokeep-${port}`, value: cookie, domain: hostname, path: '/', httpOnly: true, sameSite: 'Strict' },
      ]);
    }
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const complain = (text) => {
      if (!expects.some((expected) => expected.test(text))) this.#complaints.push(`${page.url()}: ${text}`);
    };
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complain(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => complain(error.stack ?? error.message));
    await page.goto(address);
    return page;
  }

  /** Takes a picture of every page where `PHOTOKEEP_PICTURES` names a folder. */
  async pictures(name) {
    const folder = process.env.PHOTOKEEP_PICTURES;
    if (!folder) return;
    const pages = this.#contexts.flatMap((context) => context.pages());
    await Promise.all(
      pages.map((page, index) => page.screenshot({ path: join(folder, `${name.replace(/\W+/g, '-')}-${index}.png`) })),
    );
  }

  /** Fails on anything a page has complained of since. */
  calm() {
    const complaints = this.#complaints.splice(0);
    assert.deepEqual(complaints, [], 'console and content security policy are silent');
  }

  forgetComplaints() {
    this.#complaints.length = 0;
  }

  async close() {
    for (const context of this.#contexts) await context.close();
    await this.chromium.close();
  }
}

/** A button, or a link that looks like one, by the key of its text. */
export function button(where, key, values = {}) {
  const name = whole(key, values);
  return where.getByRole('button', { name }).or(where.getByRole('link', { name })).filter({ visible: true }).first();
}

/** Presses it. */
export async function press(where, key, values) {
  await button(where, key, values).click();
}

/** Waits until a text stands there. */
export async function reads(where, key, values = {}) {
  await where.getByText(whole(key, values)).filter({ visible: true }).first().waitFor();
}

/** Waits for a heading. */
export async function heading(page, key, values = {}, { seconds = 15 } = {}) {
  await page
    .getByRole('heading', { name: whole(key, values) })
    .first()
    .waitFor({ timeout: seconds * 1000 });
}

/** Waits until a sync has ended with everything kept. Painting the pictures is most of the time. */
export async function complete(page, { seconds = 60 } = {}) {
  await heading(page, 'activity_complete_title', {}, { seconds });
}

/** Chooses from a list that opens. */
export async function choose(page, key, option, values = {}) {
  const label = within(key, values);
  await page
    .getByRole('button', { name: label })
    .or(page.getByRole('combobox', { name: label }))
    .first()
    .click();
  await page.getByRole('option', { name: option }).click();
}

/** What axe finds serious or critical, as lines. */
export async function axeFinds(page) {
  // Playwright evaluates outside of the page's policy.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, nodes }) =>
        `${impact} ${id}: ${nodes.map(({ target, any }) => `${target.join(' ')} ${any[0]?.message ?? ''}`).join(' | ')}`,
    );
}
