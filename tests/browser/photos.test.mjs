// Looking at what is kept: the timeline by mouse and by keys, an item in full, films, albums in their order, links from outside.

import assert from 'node:assert/strict';
import { button, heading, press, reads } from './browser.mjs';
import { play } from './play.mjs';
import { until } from './stage.mjs';
import { whole, within } from './words.mjs';

play('looking at photos', { items: 60 }, async (stage, step) => {
  let page;
  await stage.filled();
  page = await stage.page('#/photos');
  const tiles = page.getByRole('grid').locator('[role=gridcell][data-id]');
  const lightbox = page.getByRole('dialog', { name: whole('photos_view_label') });
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-id') ?? null);
  const position = () => lightbox.getByText(whole('common_of')).first().textContent();
  const { buckets } = await stage.call('timeline.buckets', { album: null });
  const columns = await Promise.all(buckets.map(({ key }) => stage.call('timeline.bucket', { album: null, key })));
  const all = columns.flatMap(({ id, video, file }) =>
    id.map((item, index) => ({ id: item, video: video[index], file: file[index] })),
  );

  await step('pictures are there, newest first, with their months', async () => {
    await tiles.first().waitFor();
    await until('a picture', () =>
      tiles
        .locator('img')
        .first()
        .evaluate((image) => image.complete && image.naturalWidth > 0),
    );
    assert.equal(await tiles.first().getAttribute('data-id'), String(all[0].id));
    await reads(page, 'common_count_items', { amount: 60 });
  });

  await step('arrows, Home and End move through the grid, also to what was not drawn yet', async () => {
    await tiles.first().focus();
    await page.keyboard.press('ArrowRight');
    await until('the second item', async () => (await focused()) === String(all[1].id));
    await page.keyboard.press('End');
    await until('the last item', async () => (await focused()) === String(all.at(-1).id));
    await page.keyboard.press('Home');
    await until('the first item', async () => (await focused()) === String(all[0].id));
  });

  await step('the ? sheet lists the keys of this screen', async () => {
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog');
    await sheet.getByText(whole('photos_key_open')).waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  await step('Enter opens, arrows go on, the address follows, Escape returns to the same tile', async () => {
    await until('the tile', async () => (await focused()) === String(all[0].id));
    await page.keyboard.press('Enter');
    await lightbox.waitFor();
    const first = await position();
    await page.keyboard.press('ArrowRight');
    await until('the next', async () => (await position()) !== first);
    assert.match(page.url(), new RegExp(`item=${all[1].id}$`));
    await until('the picture in full', () =>
      lightbox.locator('img.full').evaluate((image) => image.complete && image.naturalWidth > 0),
    );
    await page.keyboard.press('Escape');
    await lightbox.waitFor({ state: 'detached' });
    await until('the tile', async () => (await focused()) === String(all[1].id));
  });

  await step('what is known of an item is told, and Tab stays inside', async () => {
    await page.keyboard.press('Enter');
    await page.keyboard.press('i');
    const panel = lightbox.getByRole('complementary', { name: whole('photos_view_information') });
    await panel
      .getByText(/photos\/\d{4}\//)
      .first()
      .waitFor();
    const item = await stage.call('item.show', { id: all[1].id });
    await panel.getByText(item.title, { exact: true }).first().waitFor();
    for (let presses = 0; presses < 25; presses += 1) {
      await page.keyboard.press('Tab');
      assert.ok(
        await page.evaluate(() => document.activeElement.closest('[role=dialog]') !== null),
        'the focus is in the lightbox',
      );
    }
    await page.keyboard.press('Escape');
  });

  await step('a browser that cannot open pages shows the address at Google as a link', async () => {
    await page.goto(`${stage.origin}/#/photos?item=${all[0].id}`);
    await press(lightbox, 'photos_view_google');
    assert.match(
      await lightbox.getByRole('link', { name: /photos\.google/ }).getAttribute('href'),
      /^https:\/\/photos\.google\.com\//,
    );
    await page.keyboard.press('Escape');
  });

  await step('a film plays, and can be sought', async () => {
    const film = all.find(({ video }) => video);
    await page.goto(`${stage.origin}/#/photos?item=${film.id}`);
    const video = lightbox.locator('video');
    await until('the film', () => video.evaluate((element) => element.readyState >= 2 && element.videoWidth > 0));
    await video.evaluate((element) => {
      element.muted = true;
      return element.play();
    });
    await until('some playing', () => video.evaluate((element) => element.currentTime > 0.2));
    await video.evaluate((element) => {
      element.currentTime = element.duration * 0.8;
    });
    await until('the later place', () =>
      video.evaluate((element) => !element.seeking && element.currentTime >= element.duration * 0.75),
    );
    assert.equal(await video.evaluate((element) => element.error), null);
    await page.keyboard.press('Escape');
  });

  await step('a link from outside opens the item; one that leads nowhere says so', async () => {
    const from = await stage.page(`#/photos?item=${all[20].id}`, {
      expects: [/422 \(Unprocessable Entity\) \(\S+\/rpc\)/],
    });
    await from.getByRole('dialog', { name: whole('photos_view_label') }).waitFor();
    await from.goto(`${stage.origin}/#/photos?item=999999`);
    await reads(from, 'photos_view_missing_title');
    await from.close();
  });

  await step('a date can be typed', async () => {
    await page.goto(`${stage.origin}/#/photos`);
    await press(page, 'photos_go_to_date');
    const sheet = page.getByRole('dialog');
    const oldest = buckets.findLast(({ key }) => /^\d{4}-/.test(key)).key;
    await sheet.getByRole('textbox').fill('nonsense');
    await press(sheet, 'photos_go');
    await reads(sheet, 'photos_go_to_date_unclear');
    await sheet.getByRole('textbox').fill(oldest);
    await press(sheet, 'photos_go');
    await sheet.waitFor({ state: 'detached' });
    await until('the oldest month', () => page.locator(`[data-key="${oldest}"]`).isVisible());
  });

  await step('albums have covers and counts, and open in their order', async () => {
    await page.goto(`${stage.origin}/#/albums`);
    await heading(page, 'albums_title');
    const albums = await stage.call('albums.list');
    await until('all albums', async () => (await page.locator('main a[href^="#/albums/"]').count()) === albums.length);
    const album = albums.filter(({ count }) => count > 2)[0];
    await page
      .getByRole('link', { name: new RegExp(album.title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) })
      .first()
      .click();
    await page.getByRole('heading', { name: album.title }).waitFor();
    await page.getByRole('grid', { name: whole('albums_album_grid') }).waitFor();
    await tiles.first().waitFor();
    const keys = (await stage.call('timeline.buckets', { album: album.id })).buckets;
    const bucket = await stage.call('timeline.bucket', { album: album.id, key: keys[0].key });
    const shown = await tiles.evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.id)));
    assert.deepEqual(shown.slice(0, 3), bucket.id.slice(0, 3));
    await tiles.first().click();
    await lightbox.waitFor();
    await page.keyboard.press('Escape');
    await button(page, 'albums_album_all').waitFor();
  });

  await step('albums are found by title; empty, missing and unknown ones say so', async () => {
    await page.goto(`${stage.origin}/#/albums`);
    const search = page.getByRole('searchbox', { name: whole('albums_search') });
    await search.fill('no album has this name');
    await reads(page, 'albums_search_none_title');
    await press(page, 'albums_search_clear');
    const albums = await stage.call('albums.list');
    await page.goto(`${stage.origin}/#/albums/${albums.find(({ count }) => count === 0).id}`);
    await page.getByText(within('albums_album_empty_title')).first().waitFor();
    await page.goto(`${stage.origin}/#/albums/999999`);
    await reads(page, 'albums_album_missing_title');
  });
});
