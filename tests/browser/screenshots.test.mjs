// The pictures of README and docs, light and dark, of a made-up account. They change the tree, so they are made only when asked:
// `PHOTOKEEP_SCREENSHOTS=1 node --test tests/browser/screenshots.test.mjs`.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { complete, heading, press, reads } from './browser.mjs';
import { visit } from './places.mjs';
import { play } from './play.mjs';
import { makeExport, makeOldBackup } from './processes.mjs';
import { bringClient } from './sign-in.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const items = 300;
/** Of WebP: no difference is seen to a PNG, which would be ten times as large. */
const quality = 0.9;

if (!process.env.PHOTOKEEP_SCREENSHOTS) {
  test('pictures for the documents', { skip: 'made only when PHOTOKEEP_SCREENSHOTS is set' }, () => {});
} else {
  play(
    'pictures for the documents',
    { chain: true, items, seed: 7, latency: 60, library: false, seconds: 900 },
    async (stage, step) => {
      // A path that people could have.
      const pictures = join(tmpdir(), 'Pictures');
      stage.library = join(pictures, 'Photokeep');
      const { page, shoot } = await camera(stage);
      const inFetching = ({ phase, meter }) => (phase === 'fetching' ? (meter?.done ?? 0) : 0);
      const shown = (count) =>
        until('the arrivals', async () => (await page.locator('main img.there').count()) >= count, { seconds: 90 });
      const drawn = () =>
        until('all pictures in view', () =>
          page.evaluate(() => [...document.querySelectorAll('main img')].every((image) => image.complete)),
        );

      await step('the welcome', async () => {
        const { albums } = await stage.control('library');
        // Not every system that makes these pictures has letters for all titles.
        const edits = albums.filter(({ title }) => title && !/^[\p{Script=Latin}\p{N}\p{P}\s]*$/u.test(title));
        await stage.control(
          'library',
          edits.map(({ id, title }) => ({ edit: 'set-album-title', id, title: latin(title) })),
        );
        await heading(page, 'welcome_start_title');
        await shoot('welcome');
        await visit(page, 'welcome/folder');
        await page.getByLabel(whole('welcome_folder_field')).fill(stage.library);
        await reads(page, 'welcome_finding_symlinks');
        await shoot('folder');
        await press(page, 'common_continue');
        await heading(page, 'welcome_source_title');
        await bringClient(page, stage.client);
        await reads(page, 'welcome_file_right');
        await page.locator('h1').focus();
        await page.evaluate(() => {
          for (const element of document.querySelectorAll('*')) element.scrollTo(0, 0);
        });
        await shoot('source');
      });

      await step('plan, run and receipt', async () => {
        await stage.signIn();
        await stage.call('settings.set', { welcomed: true });
        await visit(page, 'sync');
        await press(page, 'sync_plan_do');
        await reads(page, 'sync_plan_fetch');
        await shoot('sync-plan');
        await press(page, 'sync_start');
        await until('a good part', async () => inFetching(await stage.call('run.show')) > items / 6, { seconds: 200 });
        // A computer that also paints the account is too busy for the small pictures to keep up.
        await shoot('sync-running', async () => {
          await stage.call('run.pause');
          await shown(15);
          await stage.call('run.resume');
          await page
            .getByRole('main')
            .getByRole('button', { name: whole('common_run_pause') })
            .waitFor();
        });
        await complete(page, { seconds: 300 });
        await shown(15);
        await shoot('receipt');
        await stage.call('run.dismiss');
      });

      await step('what is kept', async () => {
        // A history: two photos more, a check, and a run that found nothing new.
        const day = (number) => `2025-11-2${number}T12:00:00Z`;
        for (const number of [1, 2])
          await stage.control('library', {
            edit: 'set-description',
            id: (await stage.control('library')).items[number].id,
            description: `On ${day(number).slice(0, 10)}`,
          });
        await stage.sync();
        await stage.call('verify.start');
        await stage.runEnds();
        await stage.call('run.dismiss');
        await stage.sync();
        await page.reload();
        for (const [place, name] of [
          ['home', 'home'],
          ['photos', 'photos'],
          ['albums', 'albums'],
          ['activity', 'activity'],
          ['settings/library', 'settings'],
        ]) {
          await visit(page, place);
          await drawn();
          await page.waitForTimeout(1500);
          await drawn();
          await shoot(name);
        }
        const albums = await stage.call('albums.list');
        await visit(page, `albums/${albums.find(({ title }) => title?.includes('Lofoten')).id}`);
        await page.waitForTimeout(1500);
        await drawn();
        await shoot('album');
      });

      await step('a photo in full', async () => {
        const { buckets } = await stage.call('timeline.buckets', { album: null });
        const months = await Promise.all(
          buckets.slice(0, 40).map(({ key }) => stage.call('timeline.bucket', { album: null, key })),
        );
        const ids = months.flatMap(({ id, video, ratio }) =>
          id.filter((_, index) => !video[index] && ratio[index] > 1.2),
        );
        const details = await Promise.all(ids.map((id) => stage.call('item.show', { id })));
        // The one of which most is known.
        const known = ({ latitude, description, albums }) =>
          Number(latitude !== null) + Number(Boolean(description)) + Number(albums.length > 0);
        const [rich] = details.sort((one, other) => known(other) - known(one));
        await visit(page, `photos?item=${rich.id}`);
        await page.getByRole('dialog').locator('img.full').waitFor();
        await page.keyboard.press('i');
        await page.getByRole('dialog').getByRole('complementary').waitFor();
        await page.waitForTimeout(800);
        await shoot('lightbox');
      });

      rmSync(pictures, { recursive: true, force: true });
    },
  );

  play('pictures of an import', { chain: true, items: 1, library: false, seconds: 600 }, async (stage, step) => {
    // Paths that people could have.
    const home = join(tmpdir(), 'anna');
    const downloads = join(home, 'Downloads');
    stage.library = join(home, 'Photokeep');
    const made = ['--items', '320', '--albums', '9', '--parts', '4', '--pictures', 'painted', '--only', ''];
    await makeExport(downloads, made);
    await stage.call('library.open', { folder: stage.library });
    await stage.call('settings.set', { welcomed: true, language: 'en' });
    const { page, shoot } = await camera(stage, '#/import/guide');
    const main = page.getByRole('main');
    const plan = async (paths) => {
      await visit(page, 'import');
      await main.getByLabel(whole('import_paths_label')).fill(paths.join('\n'));
      await press(main, 'import_plan_do');
      await heading(page, 'import_plan_title', {}, { seconds: 60 });
      await page.locator('h1').focus();
    };

    await step('the guide', async () => {
      await heading(page, 'import_guide_title');
      await main.getByRole('radio', { name: whole('import_guide_often') }).click();
      await page.locator('h1').focus();
      await shoot('import-guide');
      await visit(page, 'import');
      await shoot('import');
    });

    await step('the plan of an export of which a part is missing', async () => {
      const parts = readdirSync(downloads).filter((name) => !/002\.zip$/.test(name));
      await plan(parts.map((name) => join(downloads, name)));
      await shoot('import-plan');
      await press(main, 'import_cancel');
    });

    await step('the receipt', async () => {
      await plan([downloads]);
      await press(main, 'import_start');
      await heading(page, 'import_receipt_title', {}, { seconds: 200 });
      await page.locator('h1').focus();
      await shoot('import-receipt');
    });

    await step('an old backup beside the library', async () => {
      await stage.call('run.dismiss');
      const backup = join(home, 'Old backup');
      await makeOldBackup(join(stage.library, 'photos'), backup);
      await visit(page, 'compare');
      await main.getByLabel(whole('compare_folder_label')).fill(backup);
      await shoot('compare');
      await press(main, 'compare_start');
      await heading(page, 'compare_result_title', {}, { seconds: 120 });
      const drawn = async () => {
        await page.waitForTimeout(1500);
        await until('all pictures in view', () =>
          page.evaluate(() =>
            [...document.querySelectorAll('main img')].every(
              (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
            ),
          ),
        );
        await page.locator('h1').focus();
      };
      for (const list of ['missing', 'extra', 'duplicates', 'different']) {
        await main.getByRole('tab', { name: within(`compare_${list}`) }).click();
        await drawn();
        await shoot(`compare-${list}`);
      }
      await main.getByRole('option').nth(2).click();
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(1000);
      await shoot('compare-pair');
      await page.keyboard.press('Escape');
    });

    await step('what is missing goes to Google Photos', async () => {
      const { address } = await stage.call('account.sign_in', {
        client: stage.client,
        whole_library: true,
        upload: true,
      });
      await fetch(await stage.approve(address));
      await until('the sign-in', async () => (await stage.call('account.show')).may_upload);
      await main.getByRole('tab', { name: within('compare_missing') }).click();
      await main.getByRole('link', { name: whole('compare_upload_all') }).click();
      await main.getByLabel(within('compare_upload_album')).fill('Old backup');
      await page.locator('h1').focus();
      await shoot('compare-upload');
      await press(main, 'compare_upload_do');
      await heading(page, 'compare_upload_done', {}, { seconds: 60 });
      await page.locator('h1').focus();
      await shoot('compare-upload-done');
    });

    rmSync(home, { recursive: true, force: true });
  });
}

/** A page, and what takes its picture in both themes. */
async function camera(stage, place = '') {
  mkdirSync(folder, { recursive: true });
  const page = await stage.page(place, {
    expects: [/404 \(Not Found\) \(\S+\/media\/(compared-)?thumbnail\/[0-9a-f-]+\)/],
  });
  const studio = await stage.strangersPage('about:blank');

  async function shoot(name, prepare = async () => {}) {
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme });
      await page.mouse.move(0, 0);
      await page.waitForTimeout(400);
      await prepare();
      const png = (await page.screenshot()).toString('base64');
      const webp = await studio.evaluate(smaller, { png, quality });
      writeFileSync(join(folder, `${name}-${theme}.webp`), Buffer.from(webp, 'base64'));
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }
  return { page, shoot };
}

/** A title in letters that every system has. */
function latin(title) {
  return title.replace(/[^\p{Script=Latin}\p{N}\p{P}\s]/gu, '').trim() || 'Kyōto';
}

/** In the page: a PNG as WebP. */
async function smaller({ png, quality }) {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  canvas.getContext('2d').drawImage(image, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
