// A pretended library: the answers of the commands, made up. Only for looking at the UI without an engine; the tests run
// against the real one. Scenarios: fresh, ready, plan, running, waiting, paused, ended, failed, gone, empty, huge.

import { inboxCommands } from './inbox.mjs';
import { roughRun, roughStatus } from './rough.mjs';
import { timelineCommands } from './timeline.mjs';
import { welcome } from './welcome.mjs';

// The browser's own clock says "10 minutes ago", so this one must be the same.
const now = Date.now();
const ago = (seconds) => new Date(now - seconds * 1000).toISOString();
const day = 86400;

export function fault(code, message, hint = null, details = {}) {
  return { code, message, hint, severity: 'error', retry: 'after-action', details };
}

const receipt = (changes = {}) => ({
  run: 41,
  kind: 'sync',
  started: ago(1920),
  ended: ago(600),
  outcome: 'done',
  complete: true,
  all_fetched: true,
  doubtful: 0,
  listed: 18432,
  added: 214,
  added_bytes: 1_893_000_000,
  already: 18214,
  updated: 4,
  same_photo: 2,
  restored: 0,
  absent: 0,
  skipped: [],
  failed: [],
  albums: 63,
  account: null,
  links_made: 230,
  links_removed: 1,
  notes: [],
  ...changes,
});

const idle = {
  activity: 'idle',
  planning: false,
  kind: null,
  started: null,
  phase: null,
  meter: null,
  wait: null,
  plan: null,
  import: null,
  archives: [],
  adding: null,
  from_inboxes: [],
  receipt: null,
  error: null,
  recent: [],
  failed: [],
  notes: [],
};

const plan = {
  listed: 18646,
  to_fetch: 4210,
  photos: 3980,
  videos: 230,
  retried: 3,
  restored: 0,
  updated: 12,
  already: 14424,
  absent: 0,
  removed_here: 5,
  estimated_bytes: 31_400_000_000,
  free_bytes: 412_000_000_000,
  albums: { listed: 63, new: 4 },
  notes: [],
};

const recent = Array.from({ length: 24 }, (_, index) => ({
  file: 9000 - index,
  path: `photos/2026/11/IMG_${9000 - index}.jpg`,
  bytes: 3_200_000,
}));

const lost = fault('item-failed', 'IMG_2231.MOV arrived incomplete three times.', null, {
  path: 'photos/2026/10/IMG_2231.MOV',
});

/** The run in a scenario; `at` moves its numbers. */
export function run(scenario, at = 0) {
  const done = 1240 + at * 3;
  const running = {
    ...idle,
    activity: 'running',
    kind: 'sync',
    started: ago(1200),
    phase: 'fetching',
    plan,
    recent,
    meter: {
      phase: 'fetching',
      done,
      total: 4210,
      bytes: done * 7_400_000,
      bytes_per_second: 23_600_000,
      seconds_left: Math.round((4210 - done) / 3),
      failed: 2,
    },
    failed: [{ title: 'IMG_2231.MOV', error: lost }],
  };
  switch (scenario) {
    case 'plan':
      return { ...idle, activity: 'ended', planning: true, kind: 'sync', started: ago(30), plan };
    case 'running':
      return running;
    case 'waiting':
      return { ...running, wait: { reason: 'daily-quota', until: new Date(now + 6 * 3600e3).toISOString() } };
    case 'paused':
      return { ...running, activity: 'paused' };
    case 'ended':
      return { ...idle, activity: 'ended', kind: 'sync', started: ago(1920), receipt: receipt(), recent };
    case 'failed':
      return {
        ...idle,
        activity: 'ended',
        kind: 'sync',
        started: ago(1920),
        recent,
        receipt: receipt({
          outcome: 'some-failed',
          complete: false,
          failed: [
            { reason: 'arrived incomplete', count: 3 },
            { reason: 'still being processed', count: 2 },
          ],
          skipped: [{ reason: 'removed here', count: 5 }],
        }),
        failed: [
          { title: 'IMG_2231.MOV', error: lost },
          {
            title: 'Geburtstag <b>Oma</b> \u202Egpj.exe',
            error: fault('item-not-ready', 'Google is still processing this video.'),
          },
        ],
      };
    case 'gone':
      return {
        ...idle,
        activity: 'ended',
        kind: 'sync',
        started: ago(900),
        error: fault(
          'target-gone',
          'The folder /media/anna/Photos/Photokeep is not there.',
          'Connect the disk and try again.',
          { path: '/media/anna/Photos/Photokeep' },
        ),
      };
    default:
      return roughRun(scenario, { idle, running, plan, receipt, ago, fault }) ?? idle;
  }
}

const failures = [
  {
    title: 'IMG_2231.MOV',
    code: 'item-failed',
    message: 'It arrived incomplete three times.',
    hint: 'The next run tries it again.',
    tries: 3,
    last_try: ago(600),
  },
  {
    title: 'Geburtstag <b>Oma</b> \u202Egpj.exe',
    code: 'item-not-ready',
    message: 'Google is still processing this video.',
    hint: null,
    tries: 1,
    last_try: ago(600),
  },
];

const years = () => {
  const list = [];
  let items = 380;
  for (let year = 2009; year <= 2026; year += 1) {
    items = Math.round(items * (1.02 + 0.25 * Math.abs(Math.sin(year * 1.7))) - 40 * (year % 3));
    list.push({ year, items, bytes: items * 4_300_000 });
  }
  list.push({ year: null, items: 37, bytes: 92_000_000 });
  return list;
};

const status = (scenario) => ({
  health: scenario === 'failed' || scenario === 'gone' ? 'attention' : scenario === 'empty' ? 'new' : 'complete',
  folder_is_there: scenario !== 'gone',
  last_complete: ago(scenario === 'failed' ? 3 * day : 600),
  last_run: ago(600),
  last_run_complete: scenario !== 'failed',
  items: 18432,
  photos: 17204,
  videos: 1228,
  files: 18651,
  bytes: 96_400_000_000,
  pending: scenario === 'failed' ? 5 : 0,
  failed: scenario === 'failed' ? 2 : 0,
  damaged: 0,
  absent: 0,
  albums: 63,
  trash: 4,
  lost: 0,
  doubtful: 0,
  failures: scenario === 'failed' || scenario === 'needs' ? failures : [],
  takeout_alone: false,
  not_taken: scenario === 'needs' ? [{ reason: 'the file is empty', count: 2 }] : [],
  not_taken_notes: [],
  ...roughStatus(scenario, ago),
});

const runs = Array.from({ length: 30 }, (_, index) => ({
  run: 41 - index,
  kind: ['sync', 'sync', 'retry', 'sync', 'verify'][index % 5],
  started: ago(1920 + index * day),
  ended: index === 6 ? null : ago(600 + index * day),
  whole: true,
  complete: index !== 3,
  receipt:
    index === 6
      ? null
      : receipt({
          run: 41 - index,
          kind: ['sync', 'sync', 'retry', 'sync', 'verify'][index % 5],
          started: ago(1920 + index * day),
          ended: ago(600 + index * day),
          added: index % 3 ? index * 4 : 0,
          complete: index !== 3,
          failed: index === 3 ? [{ reason: 'arrived incomplete', count: 5 }] : [],
        }),
}));

/** What differs between the scenarios and may be changed by commands. */
export const state = {
  scenario: 'ready',
  settings: {
    language: 'system',
    theme: 'system',
    welcomed: true,
    library: '/home/anna/Pictures/Photokeep',
    filters: {},
  },
  signedIn: true,
};

const filter = {
  from: null,
  to: null,
  favorites: false,
  no_videos: false,
  archived: false,
  albums: 'all',
  exclude_albums: [],
};
const library = () => ({
  folder: '/home/anna/Pictures/Photokeep',
  name: 'Photokeep',
  is_new: false,
  demo: state.scenario === 'demo',
  trouble: state.scenario === 'gone' ? fault('target-gone', 'The folder is not there.') : null,
});

function become(scenario) {
  state.scenario = scenario;
  return {};
}

const watched = inboxCommands(state, { ago, fault });

export const commands = {
  'app.start': () => ({
    version: '0.1.0',
    platform: 'linux',
    host: 'browser',
    capabilities: { pick_folder: false, reveal: true, save_file: false, open_address: false, choose_library: true },
    settings: state.settings,
    library: state.scenario === 'fresh' ? null : library(),
    demo: true,
    built_in_client: false,
    default_folder: '/home/anna/Pictures/Photokeep',
    films: null,
  }),
  'app.painted': () => ({}),
  'settings.set': (change) => {
    state.settings = { ...state.settings, ...change };
    return state.settings;
  },
  'host.pick_folder': () => ({ path: '/home/anna/Pictures/Photokeep' }),
  'host.open_page': () => ({ address: 'https://console.cloud.google.com/projectcreate', opened: false }),
  'library.probe': ({ folder }) => ({
    folder,
    state: folder.includes('usb') ? 'unusable' : 'new',
    free_bytes: 412_000_000_000,
    total_bytes: 1_000_000_000_000,
    file_system: 'ext4',
    findings: [
      { grade: 'good', code: 'symlinks', text: 'Albums can be folders of links: they take no extra space.' },
      { grade: 'note', code: 'coarse-times', text: 'Times are kept to two seconds on this disk.' },
    ],
    link_kinds: ['symlink', 'hardlink', 'copy', 'shortcut'],
    link_auto: 'symlink',
  }),
  'library.open': ({ folder }) => {
    state.scenario = 'empty';
    return { ...library(), folder, is_new: true };
  },
  'library.options': () => ({
    options: { layout: 'photokeep', links: 'auto', month: 'utc', jobs: 16, paths: {}, skip_shared_albums: false },
    filter,
    layout_fixed: state.scenario !== 'empty',
    link_kinds: ['symlink', 'hardlink', 'copy', 'shortcut'],
  }),
  'library.set_options': () => commands['library.options'](),
  'library.preview': ({ layout, month }) => ({
    photos:
      layout === 'gphotos-sync-flat'
        ? ['photos/2024-06/IMG_1.jpg', 'photos/2024-06/IMG_1 (2).jpg']
        : [
            `photos/2024/${month === 'utc' ? '06' : '07'}/IMG_1.jpg`,
            `photos/2024/${month === 'utc' ? '06' : '07'}/IMG_1 (2).jpg`,
            'photos/2024/07/VID_3.mp4',
          ],
    albums: ['albums/2024/07 Paris/0001_IMG_1.jpg', 'albums/2024/07 Paris/0002_VID_3.mp4'],
  }),
  'library.status': () => ({
    status: state.scenario === 'empty' ? null : status(state.scenario),
    folder_is_there: state.scenario !== 'gone',
    free_bytes: state.scenario === 'gone' ? null : state.scenario === 'needs' ? 1_200_000_000 : 412_000_000_000,
    total_bytes: state.scenario === 'gone' ? null : 1_000_000_000_000,
    years: state.scenario === 'empty' ? [] : years(),
    exports: watched.exports(),
    sentences: {},
  }),
  'account.show': () => ({
    signed_in: state.signedIn && state.scenario !== 'needs',
    client: null,
    account: state.signedIn ? 'anna.example@gmail.com' : null,
    scopes: state.signedIn
      ? ['https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata', 'openid', 'email']
      : [],
    whole_library: false,
    may_upload: false,
    since: ago(90 * day),
    ends: null,
    in_keychain: true,
    kept: 'The sign-in is kept in the system’s keychain.',
    trouble: null,
  }),
  'account.check_client': ({ text }) => {
    if (!text.includes('client_id')) throw fault('client-file', 'This is not a client file: `client_id` is missing.');
    return { desktop: true, comes_back: true, client_id_start: '4051-abc…' };
  },
  'account.sign_in': () => ({ address: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=…', opened: false }),
  'account.paste': () => ({}),
  'account.sign_in_state': () => ({
    waiting: false,
    address: null,
    comes_back: true,
    note: null,
    sentences: {},
    signed_in: null,
    error: null,
  }),
  'account.cancel_sign_in': () => ({}),
  'account.sign_out': () => {
    state.signedIn = false;
    return { revoked: true };
  },
  'demo.open': () => {
    state.scenario = 'ready';
    return { ...library(), demo: true };
  },
  'sync.plan': () => become('plan'),
  'sync.start': () => become('running'),
  'verify.start': () => become('running'),
  'run.show': () => run(state.scenario),
  'run.pause': () => become('paused'),
  'run.resume': () => become('running'),
  'run.cancel': () => become('failed'),
  'run.dismiss': () => become('ready'),
  ...timelineCommands(state),
  ...watched.commands,
  'activity.runs': ({ before, limit }) =>
    state.scenario === 'empty' ? [] : runs.filter((one) => before === null || one.run < before).slice(0, limit),
  'item.film': ({ file }) => ({ name: `VID_${String(file).padStart(4, '0')}.MP4`, seconds: 4 + (file % 300) }),
  'activity.log': () => ({
    sentences: { 'The download broke off again and again.': { code: 'broke-off', values: {} } },
    log: {
      began: '2026-11-22T13:30:00Z',
      left_out: 0,
      steps: [
        { at: '2026-11-22T13:30:00Z', until: null, event: { what: 'began', kind: 'sync' } },
        {
          at: '2026-11-22T13:30:00Z',
          until: '2026-11-22T13:31:12Z',
          event: { what: 'phase', phase: 'listing', done: 18432, bytes: 0, failed: 0 },
        },
        { at: '2026-11-22T13:31:12Z', until: null, event: { what: 'planned', to_fetch: 214, retried: 3, restored: 0 } },
        {
          at: '2026-11-22T13:31:13Z',
          until: '2026-11-22T13:51:40Z',
          event: { what: 'phase', phase: 'fetching', done: 214, bytes: 1_893_000_000, failed: 1 },
        },
        {
          at: '2026-11-22T13:36:02Z',
          until: '2026-11-22T13:36:32Z',
          event: { what: 'waited', reason: 'throttled', due: '2026-11-22T13:36:32Z' },
        },
        { at: '2026-11-22T13:40:00Z', until: '2026-11-22T13:44:00Z', event: { what: 'paused' } },
        {
          at: '2026-11-22T13:50:11Z',
          until: null,
          event: {
            what: 'failed',
            title: 'VID_0008.MP4',
            code: 'item-failed',
            message: 'The download broke off again and again.',
          },
        },
        { at: '2026-11-22T13:52:00Z', until: null, event: { what: 'ended' } },
      ],
    },
  }),
  'activity.entries': ({ what, offset, limit }) => {
    const lengths = {
      added: 214,
      updated: 4,
      'same-photo': 2,
      failed: 5,
      skipped: 5,
      restored: 3,
      absent: 9,
      damaged: 4,
    };
    const all = Array.from({ length: lengths[what] ?? 0 }, (_, index) => ({
      item: index + 1,
      title: `IMG_${index}.jpg`,
      path: `photos/2026/11/IMG_${index}.jpg`,
      reason: what === 'failed' || what === 'skipped' ? 'arrived incomplete' : null,
    }));
    return { total: all.length, rows: all.slice(offset, offset + limit) };
  },
  'activity.export': ({ run: number, format }) => ({
    name: `photokeep-run-${number}.${format}`,
    saved_to: null,
    content: 'title,path\nIMG_1.jpg,photos/2026/11/IMG_1.jpg\n',
  }),
  'failures.list': () => (state.scenario === 'failed' ? failures : []),
  'trash.list': () => ({
    files: [
      {
        path: 'photos/2021/03/IMG_77.jpg',
        size: 3_300_000,
        reason: 'no longer in Google Photos',
        removed_at: ago(5 * day),
      },
    ],
    bytes: 3_300_000,
  }),
  'trash.restore': () => ({ files: [], bytes: 0 }),
  'trash.empty': () => ({ files: [], bytes: 0 }),
};

Object.assign(commands, welcome(state, fault, { ...commands }));
