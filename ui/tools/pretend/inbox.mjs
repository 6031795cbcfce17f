// Watched folders of the pretended library, with an archive in every state. In the scenario `empty` none is watched yet.

const folder = '/home/anna/Downloads';
const cloud = '/home/anna/Dropbox/Apps/Google Download Your Data';

/** Commands; `ago` makes times of the pretended now, `fault` an error. */
export function inboxCommands(state, { ago, fault }) {
  const inbox = (folder, then, there = true) => ({ folder, then, there });
  let watched = [
    inbox('/home/anna/Downloads', 'move'),
    inbox(cloud, 'leave'),
    inbox('/media/anna/Backup/Takeout', 'trash', false),
  ];
  const archive = (part, size, how, why = null, place = folder) => {
    const name = `takeout-20261120T093000Z-${String(part).padStart(3, '0')}.zip`;
    return { name, path: `${place}/${name}`, inbox: place, size, modified: ago(600), state: how, why };
  };
  const found = () =>
    [
      archive(1, 53_600_000_000, 'waiting', { code: 'other-part', name: 'takeout-20261120T093000Z-002.zip' }),
      archive(2, 21_400_000_000, 'growing'),
      archive(3, 812_000_000, 'finished'),
      archive(4, 53_600_000_000, 'kept'),
      archive(5, 1800, 'refused', { code: 'refused', sentence: 'This is neither a zip nor a tgz archive.' }),
      archive(6, 53_600_000_000, 'left', { code: 'not-taken', files: 3 }),
      archive(7, 2_000_000_000, 'settling', null, cloud),
      archive(8, 0, 'not-here-yet', null, cloud),
      archive(9, 2_000_000_000, 'left', { code: 'other-products', files: 1204 }, cloud),
    ].filter(({ inbox }) => watched.some((one) => one.folder === inbox));
  const day = 86_400;
  const calendar = () => {
    const series = { last: ago(75 * day), exports: 5, series: true, of_series: 5, year_ends: ago(-45 * day) };
    if (state.scenario === 'empty') return { ...nothing, notice: 'no-export' };
    if (state.scenario === 'needs') return { ...series, next_due: ago(15 * day), notice: 'overdue' };
    if (state.scenario === 'stale') return { ...series, next_due: null, year_ends: ago(9 * day), notice: 'year-ended' };
    return { ...series, last: ago(25 * day), next_due: ago(-36 * day), notice: null };
  };
  const shown = () => ({
    inboxes: state.scenario === 'empty' ? [] : watched,
    found: state.scenario === 'empty' ? [] : found(),
    calendar: calendar(),
    sentences: {
      'This is neither a zip nor a tgz archive.': { code: 'archive-not-an-archive', values: {}, parts: {} },
    },
  });
  return {
    exports: calendar,
    commands: {
      'inbox.show': shown,
      'inbox.add': (request) => {
        if (!request.folder.startsWith('/')) throw fault('usage', 'This is not a whole path. No folder was added.');
        watched = [...watched.filter((one) => one.folder !== request.folder), { ...request, there: true }];
        return shown();
      },
      'inbox.remove': (request) => {
        watched = watched.filter((one) => one.folder !== request.folder);
        return shown();
      },
      'inbox.import': () => ({}),
    },
  };
}

const nothing = { last: null, exports: 0, series: false, of_series: 0, next_due: null, year_ends: null };
