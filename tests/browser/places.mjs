// Every screen and every part of one that has an address, for tests that go through them all.

/** What follows `#/`. `album` and `run` are numbers of the library that is open. */
export function places({ album, run }) {
  return [
    'home',
    'sync',
    'photos',
    'albums',
    `albums/${album}`,
    'import',
    'import/guide',
    'compare',
    'activity',
    `activity/${run}`,
    'settings/library',
    'settings/filters',
    'settings/account',
    'settings/background',
    'settings/appearance',
    'settings/trash',
    'settings/about',
    'welcome',
    'welcome/folder',
    'welcome/source',
    'welcome/schedule',
  ];
}

/** Goes there and waits until what is read for it has come. */
export async function visit(page, place) {
  // The page hears of it before this listener does; until then the place before would be looked at.
  await page.evaluate(
    (to) =>
      new Promise((done) => {
        if (location.hash === `#/${to}`) return done();
        addEventListener('hashchange', () => setTimeout(done), { once: true });
        location.hash = `#/${to}`;
      }),
    place,
  );
  await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('main [aria-busy=true]'));
  // The next frame draws it.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
