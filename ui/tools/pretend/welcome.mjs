// What the welcome and the settings ask of the pretended library. Scenarios beside the usual ones: sign-in (a new library,
// nobody signed in), built-in (the same, with a client built in), signing-in, sign-in-note, sign-in-refused, signed-in, served
// (`photokeep serve` for one folder), window (abilities of the desktop app). Folders whose path contains usb, fat, taken,
// other or newer are found to be so.

const gigabyte = 1e9;
const lines = (...texts) => texts.map((text) => ({ grade: 'note', code: 'other', text }));
const remarks = lines(
  'Symbolic links work here; album folders use them.',
  'Upper and lower case make two names here.',
  'Names in every script work here, emoji too.',
  'A name can have 255 bytes; longer ones are shortened before their extension.',
  'File dates from 1901 to 2446 can be kept; others are moved to the nearest.',
  'Locks work here: two runs cannot meet.',
);
const symlinks = {
  grade: 'good',
  code: 'symlinks',
  text: 'Albums can be folders of links: they take no extra space.',
};
const noLinks = { grade: 'warning', code: 'no-links', text: 'Links do not work on this disk.' };

function probe(folder, fault) {
  if (!/^(\/|[A-Z]:\\)/i.test(folder)) throw fault('usage', 'This is not the whole path of a folder.');
  const report = {
    folder,
    state: 'new',
    free_bytes: 412 * gigabyte,
    total_bytes: 1000 * gigabyte,
    file_system: 'ext4',
    findings: [symlinks, ...remarks],
    link_kinds: ['symlink', 'hardlink', 'copy', 'shortcut'],
    link_auto: 'symlink',
  };
  if (folder.includes('usb'))
    return {
      ...report,
      state: 'unusable',
      free_bytes: null,
      total_bytes: null,
      file_system: null,
      findings: [
        {
          grade: 'bad',
          code: 'unusable',
          text: 'Photokeep may not write in /media/anna/usb. Allow it, or choose another folder.',
        },
      ],
      link_kinds: [],
      link_auto: null,
    };
  if (folder.includes('fat'))
    return {
      ...report,
      free_bytes: 11 * gigabyte,
      total_bytes: 32 * gigabyte,
      file_system: 'vfat',
      findings: [noLinks, ...lines('It is a FAT disk: no file on it can be larger than 4 GiB.')],
      link_kinds: ['copy', 'shortcut'],
      link_auto: 'copy',
    };
  if (folder.includes('taken') || folder.includes('newer'))
    return {
      ...report,
      state: 'library',
      findings: [
        { grade: 'good', code: 'library', text: 'This folder is a Photokeep library already.' },
        ...report.findings,
      ],
    };
  if (folder.includes('other'))
    return {
      ...report,
      state: 'not-empty',
      findings: [
        { grade: 'note', code: 'not-empty', text: 'There are other files in this folder.' },
        ...report.findings,
      ],
    };
  return report;
}

function preview({ layout, month }) {
  const june = month === 'utc' ? '06' : '07';
  const photos = {
    photokeep: [
      `photos/2024/${june}/IMG_2041.JPG`,
      `photos/2024/${june}/IMG_2041 (2).JPG`,
      'photos/2024/07/IMG_2057.HEIC',
      'photos/2024/07/VID_0008.MP4',
    ],
    'gphotos-sync-flat': [
      `photos/2024-${june}/IMG_2041.JPG`,
      `photos/2024-${june}/IMG_2041 (2).JPG`,
      'photos/2024-07/IMG_2057.HEIC',
      'photos/2024-07/VID_0008.MP4',
    ],
    gphotosync: [
      `2024/${june}/IMG_2041.JPG`,
      `2024/${june}/IMG_2041-gphotosync-7f3a.JPG`,
      '2024/07/IMG_2057.HEIC',
      '2024/07/VID_0008.MP4',
    ],
  };
  const folder = layout.startsWith('gphotos-sync')
    ? 'albums/2024/0718 Summer in Brittany'
    : 'albums/2024/07 Summer in Brittany';
  const names = ['0001_IMG_2041.JPG', '0002_IMG_2041 (2).JPG', '0003_IMG_2057.HEIC', '0004_VID_0008.MP4'];
  return {
    photos: photos[layout] ?? (layout === 'gphotosync-id' ? photos.gphotosync : photos.photokeep),
    albums: names.map((name) => `${folder}/${name}`),
  };
}

/** The commands; they win over those of library.mjs. */
export function welcome(state, fault, usual) {
  const kept = {
    options: { layout: 'photokeep', links: 'auto', month: 'utc', jobs: 16, paths: {}, skip_shared_albums: false },
    filter: usual['library.options']().filter,
  };
  const trash = Array.from({ length: 137 }, (_, index) => ({
    path:
      index === 2
        ? 'photos/2019/08/<b>Geburtstag</b> \u202Egpj.exe'
        : `photos/20${10 + (index % 15)}/0${1 + (index % 9)}/IMG_${2000 + index * 13}.jpg`,
    size: 2_300_000 + index * 37_000,
    reason: 'no longer in Google Photos',
    removed_at: new Date(Date.parse('2026-11-17T10:00:00Z') - index * 7200e3).toISOString(),
  }));
  const content = (files) => ({ files, bytes: files.reduce((sum, file) => sum + file.size, 0) });
  const address =
    'https://accounts.google.com/o/oauth2/v2/auth?client_id=4051-abc.apps.googleusercontent.com&redirect_uri=http%3A%2F%2F127.0.0.1%3A41877&response_type=code&scope=openid%20email&state=7Qk&code_challenge_method=S256';
  const nobody = ['sign-in', 'built-in', 'signing-in', 'sign-in-note', 'sign-in-refused', 'empty', 'fresh', 'window'];
  const none = { waiting: false, address: null, note: null, signed_in: null, error: null };

  return {
    'app.start': () => {
      const start = usual['app.start']();
      const window = state.scenario === 'window';
      return {
        ...start,
        host: window ? 'window' : start.host,
        built_in_client: state.scenario === 'built-in',
        capabilities: {
          ...start.capabilities,
          pick_folder: window,
          open_address: window,
          choose_library: state.scenario !== 'served',
        },
      };
    },
    'host.open_page': ({ page }) => ({
      address: `https://console.cloud.google.com/${page}`,
      opened: state.scenario === 'window',
    }),
    'library.probe': ({ folder }) => probe(folder, fault),
    'library.preview': preview,
    'library.open': ({ folder }) => {
      if (folder.includes('newer')) throw fault('catalog-newer', 'The catalog was written by Photokeep 0.9.');
      state.scenario = 'sign-in';
      return { folder, name: folder.split('/').pop(), is_new: true, demo: false, trouble: null };
    },
    'library.options': () => ({
      ...usual['library.options'](),
      ...kept,
      layout_fixed: !nobody.includes(state.scenario),
    }),
    'library.set_options': ({ options, filter }) => {
      Object.assign(kept.options, options);
      if (filter) kept.filter = filter;
      return { ...usual['library.options'](), ...kept, layout_fixed: !nobody.includes(state.scenario) };
    },
    'account.show': () => {
      const account = usual['account.show']();
      const signedIn = state.signedIn && !nobody.includes(state.scenario);
      return signedIn ? account : { ...account, signed_in: false, account: null, scopes: [], since: null, kept: null };
    },
    'account.check_client': ({ text }) => {
      if (!text.includes('client_id'))
        throw fault(
          'client-file',
          'The client file has no "client_id".',
          'In the Google Cloud console open "Clients", choose or create a client of type "Desktop app", and download its JSON file.',
        );
      return {
        desktop: !text.includes('"web"'),
        comes_back: !text.includes('"web"'),
        client_id_start: '405118764213-abcd',
      };
    },
    'account.sign_in': () => {
      state.scenario = 'signing-in';
      return { address, opened: false };
    },
    'account.sign_in_state': () => {
      switch (state.scenario) {
        case 'signing-in':
          return { ...none, waiting: true, address };
        case 'sign-in-note':
          return {
            ...none,
            waiting: true,
            address,
            note: 'That is not the address that the browser ended at. It begins with http:// and holds `code=`.',
          };
        case 'sign-in-refused':
          return {
            ...none,
            error: fault(
              'access-refused',
              'The box that lets Photokeep see your photos was not ticked.',
              'Sign in again and leave every box ticked.',
            ),
          };
        default:
          return none;
      }
    },
    'account.paste': ({ address: pasted }) => {
      state.scenario = pasted.includes('code=') ? 'signed-in' : 'sign-in-note';
      state.signedIn = true;
      return {};
    },
    'account.cancel_sign_in': () => {
      state.scenario = 'sign-in';
      return {};
    },
    'trash.list': () => content(state.scenario === 'empty' ? [] : trash),
    'trash.restore': ({ paths }) => {
      const back = trash.filter((file) => paths.includes(file.path));
      for (const file of back) trash.splice(trash.indexOf(file), 1);
      return content(back);
    },
    'trash.empty': () => content(trash.splice(0)),
  };
}
