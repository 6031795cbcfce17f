// Rough conditions: names and texts made to hurt, files that cannot be shown, the library's disk unplugged, the engine killed.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { heading, press, reads } from './browser.mjs';
import { brokenJpeg, smallestHeic } from './odd-files.mjs';
import { play } from './play.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>.jpg';
const reversed = 'photo\u202Egpj.exe \u05D0\u05D1\u05D2.jpg';
const long = `<b>first</b> ${'a very long story, '.repeat(5555)}the end`;

// What the test makes happen: refused connections, answers that the disk is gone (410, 422), a cookie nobody knows any more.
const expects = [/Failed to load resource: (?:the server responded with a status of (?:401|404|410|422)|net::ERR_)/];

/** The titles an item has on its screens must be text and nothing else. */
async function isText(page) {
  assert.equal(await page.locator('img[src="x"]').count(), 0, 'no picture was made of a name');
  assert.equal(await page.locator('main script').count(), 0);
}

play('names and texts that were made to hurt', { items: 8 }, async (stage, step) => {
  const { items, albums } = await stage.control('library');
  const photos = items.filter(({ video, in_library: own }) => !video && own);
  await stage.control('library', [
    { edit: 'rename-item', id: photos[0].id, filename: hostile },
    { edit: 'rename-item', id: photos[1].id, filename: reversed },
    { edit: 'rename-item', id: photos[2].id, filename: 'story.jpg' },
    { edit: 'set-description', id: photos[2].id, description: long },
    { edit: 'add-album', id: 'hostile', title: `${hostile} ${'x'.repeat(300)}`, items: [photos[0].id, photos[1].id] },
  ]);
  await stage.filled();
  const page = await stage.page('#/photos');
  page.on('dialog', (dialog) => assert.fail(`a name opened a dialog: ${dialog.message()}`));
  const { rows } = await stage.call('activity.entries', { run: 1, what: 'added', offset: 0, limit: 100 });
  const numberOf = (title) => rows.find((row) => row.title === title).item;
  const look = async (number) => {
    await page.goto(`${stage.origin}/#/photos?item=${number}`);
    const lightbox = page.getByRole('dialog', { name: whole('photos_view_label') });
    await lightbox.waitFor();
    const panel = lightbox.getByRole('complementary');
    if (!(await panel.isVisible())) await page.keyboard.press('i');
    return panel;
  };

  await step('HTML in a name is text, in the photo, in lists, in an album', async () => {
    const panel = await look(numberOf(hostile));
    await panel.getByText(hostile, { exact: true }).first().waitFor();
    await isText(page);
    await page.goto(`${stage.origin}/#/activity/1`);
    await page.getByRole('button', { name: /^8\s/ }).first().click();
    await page.getByText(hostile, { exact: true }).first().waitFor();
    await isText(page);
    await page.goto(`${stage.origin}/#/albums`);
    await page.getByText(hostile).first().waitFor();
    await isText(page);
    const album = (await stage.call('albums.list')).find(({ title }) => title?.startsWith(hostile));
    await page.goto(`${stage.origin}/#/albums/${album.id}`);
    await page.getByRole('heading', { name: hostile }).waitFor();
    await isText(page);
    assert.equal(
      albums.some(({ title }) => title === hostile),
      false,
      'the album is the one that was made here',
    );
  });

  await step('a long title makes no screen scroll sideways', async () => {
    for (const place of [
      'albums',
      `albums/${(await stage.call('albums.list')).find(({ title }) => title?.startsWith(hostile)).id}`,
    ]) {
      await page.goto(`${stage.origin}/#/${place}`);
      await page
        .getByText(/onerror/)
        .first()
        .waitFor();
      assert.equal(
        await page.evaluate(
          () => document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth,
        ),
        0,
        place,
      );
    }
  });

  await step('marks that turn the direction of writing stay inside of the name', async () => {
    const panel = await look(numberOf(reversed));
    const name = panel.locator('bdi').filter({ hasText: reversed }).first();
    await name.waitFor();
    await until('the direction', () =>
      name.evaluate((element) => getComputedStyle(element).unicodeBidi.includes('isolate')),
    );
  });

  await step('a description of 100,000 characters opens at once, and in full when asked', async () => {
    const panel = await look(numberOf('story.jpg'));
    await panel.getByText('<b>first</b>').waitFor();
    assert.ok((await panel.textContent()).length < 5000);
    const begun = Date.now();
    await press(panel, 'photos_panel_description_all');
    await until('the end', async () => (await panel.textContent()).includes('the end'));
    assert.ok(Date.now() - begun < 3000, `${Date.now() - begun} ms`);
    await press(panel, 'photos_panel_description_less');
  });
});

play('the disk and the engine go away', { items: 8 }, async (stage, step) => {
  await stage.filled();
  const page = await stage.page('#/home', { expects });
  const away = `${stage.library}-unplugged`;

  await step('a library that vanished is said on every screen, without a crash', async () => {
    await heading(page, 'home_complete_title');
    renameSync(stage.library, away);
    await page.reload();
    await heading(page, 'home_away_title');
    await reads(page, 'home_need_folder');
    for (const screen of ['sync', 'photos', 'albums', 'activity', 'settings']) {
      await page.goto(`${stage.origin}/#/${screen}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await until(
        `something on ${screen}`,
        async () => (await page.getByRole('main').textContent()).trim().length > 30,
      );
    }
  });

  await step('a sync cannot be begun into nowhere', async () => {
    const begun = await stage.call('sync.start').then(
      () => stage.runEnds(),
      (error) => ({ error }),
    );
    assert.equal(begun.error.code, 'target-gone');
    await stage.call('run.dismiss').catch(() => undefined);
  });

  await step('it is back when the disk is', async () => {
    renameSync(away, stage.library);
    await page.goto(`${stage.origin}/#/home`);
    await page.reload();
    await heading(page, 'home_complete_title');
    await page.goto(`${stage.origin}/#/photos`);
    await until('a picture', () =>
      page
        .locator('[role=gridcell] img')
        .first()
        .evaluate((image) => image.naturalWidth > 0),
    );
  });

  await step('a killed engine is noticed, in words', async () => {
    await page.goto(`${stage.origin}/#/home`);
    await stage.stopServing({ hard: true });
    await page.getByText(within('common_lost')).first().waitFor();
    await press(page, 'home_sync');
    await reads(page, 'error_host_gone_title');
  });

  await step('once it runs again, the page asks who this is', async () => {
    await stage.serve();
    await heading(page, 'common_entry_title', {}, { seconds: 25 });
  });

  await step('the new address leads back in', async () => {
    await page.goto('about:blank');
    await page.goto(stage.server.address);
    await heading(page, 'home_complete_title');
  });

  await step('the new address works in a tab that shows the old page, too', async () => {
    await stage.stopServing({ hard: true });
    await page.getByText(within('common_lost')).first().waitFor();
    await stage.serve();
    await page.goto(stage.server.address);
    await heading(page, 'home_complete_title');
    assert.ok(!page.url().includes(stage.server.code), page.url());
  });
});

play('files that a browser cannot show', { items: 4, library: false }, async (stage, step) => {
  // Two good pictures of the simulated account, and two that are odd, as an account of their own.
  const folder = join(stage.folder, 'odd');
  await stage.call('library.open', { folder: stage.library });
  await stage.signIn();
  await stage.sync();
  mkdirSync(folder);
  const good = readdirSync(stage.library, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name),
  );
  copyFileSync(join(good[0].parentPath ?? good[0].path, good[0].name), join(folder, 'good.jpg'));
  writeFileSync(join(folder, 'broken.jpg'), brokenJpeg());
  writeFileSync(join(folder, 'phone.heic'), smallestHeic());
  await stage.changeGoogle({ photos: folder });
  stage.library = join(stage.folder, 'Odd');
  await stage.call('library.open', { folder: stage.library });
  await stage.signIn();
  const receipt = await stage.sync();
  await stage.call('settings.set', { welcomed: true, language: 'en' });
  const page = await stage.page('#/photos', { expects });
  const { rows } = await stage.call('activity.entries', { run: receipt.run, what: 'added', offset: 0, limit: 100 });
  const open = async (title) => {
    await page.goto(`${stage.origin}/#/photos?item=${rows.find((row) => row.title === title).item}`);
    return page.getByRole('dialog', { name: whole('photos_view_label') });
  };

  await step('a HEIC is kept and drawn as what it is', async () => {
    await page.getByRole('gridcell', { name: /HEIC/ }).waitFor();
    const lightbox = await open('phone.heic');
    await reads(lightbox, 'photos_view_unshown_title', { type: 'HEIC' });
    await page.keyboard.press('Escape');
  });

  await step('a corrupt picture is kept, and the screen says that it cannot be read', async () => {
    const lightbox = await open('broken.jpg');
    await reads(lightbox, 'photos_view_corrupt_title');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    assert.equal((await stage.call('library.status')).status.files, 3);
  });
});
