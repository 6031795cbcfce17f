// Taking over a folder that gphotos-sync made: what the page says about it before, and that everything is there afterwards.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { axeFinds, heading, press, reads } from './browser.mjs';
import { visit } from './places.mjs';
import { play } from './play.mjs';
import { makeExport } from './processes.mjs';
import { whole } from './words.mjs';

const photos = 6;

/** A tree as gphotos-sync leaves it: a month, an album of links, its log; and something that is none of its. */
async function makeTree(folder) {
  const from = mkdtempSync(join(tmpdir(), 'photokeep-tree-'));
  try {
    await makeExport(from, ['--items', '40', '--container', 'folder', '--parts', '1']);
    const pictures = readdirSync(from, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.jpg') && entry.parentPath.includes('Photos from'))
      .slice(0, photos);
    assert.equal(pictures.length, photos);
    const month = join(folder, 'photos/2019/05');
    const album = join(folder, 'albums/2019/0503 Rome');
    for (const place of [month, album, join(folder, 'letters')]) mkdirSync(place, { recursive: true });
    for (const [number, picture] of pictures.entries())
      copyFileSync(join(picture.parentPath, picture.name), join(month, `IMG_000${number}.jpg`));
    symlinkSync('../../../photos/2019/05/IMG_0000.jpg', join(album, '0000_IMG_0000.jpg'));
    writeFileSync(join(folder, 'gphotos.log'), '');
    writeFileSync(join(folder, 'letters/tax.txt'), 'none of a photo’s business');
  } finally {
    rmSync(from, { recursive: true });
  }
}

play('taking over a folder of gphotos-sync', { chain: true, items: 5, library: false }, async (stage, step) => {
  let page;

  await step('the page says who made it, what is in it and what does not fit', async () => {
    await makeTree(stage.library);
    page = await stage.strangersPage(stage.server.address);
    await heading(page, 'welcome_start_title');
    await press(page, 'welcome_start_set_up');
    await page.getByLabel(whole('welcome_folder_field')).fill(stage.library);
    await reads(page, 'welcome_finding_adoptable');
    await heading(page, 'welcome_adopt_title', { maker: 'gphotos-sync' });
    await page.getByText('6 photos and videos').waitFor();
    await page.getByText('1 thing does not fit').click();
    await page.getByText('letters/tax.txt').waitFor();
    await reads(page, 'welcome_adopt_text');
    assert.deepEqual(await axeFinds(page), []);
    assert.equal(await page.getByText(whole('welcome_folder_layout')).count(), 0, 'its layout is its own');
  });

  await step('it is taken over and nothing in it changes', async () => {
    const before = readdirSync(stage.library, { recursive: true }).sort();
    await press(page, 'welcome_adopt_do');
    await heading(page, 'welcome_source_title');
    await visit(page, 'activity');
    await reads(page, 'activity_kind_adopt');
    await page.locator('main a[href^="#/activity/"]').first().click();
    await heading(page, 'activity_adopt_title');
    const after = readdirSync(stage.library, { recursive: true }).sort();
    assert.deepEqual(
      after.filter((path) => !path.startsWith('.photokeep')),
      before,
    );
  });

  await step('its photos and albums are there', async () => {
    await visit(page, 'photos');
    await reads(page, 'common_count_items', { amount: photos });
    await visit(page, 'albums');
    await page.getByText('Rome').first().waitFor();
  });

  await step('choosing it again opens it', async () => {
    await visit(page, 'welcome/folder');
    await page.getByLabel(whole('welcome_folder_field')).fill(stage.library);
    await reads(page, 'welcome_finding_library');
    assert.equal(await page.getByText(whole('welcome_adopt_do'), { exact: true }).count(), 0);
  });
});
