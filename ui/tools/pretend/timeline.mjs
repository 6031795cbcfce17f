// Photos, albums and single items of the pretended library. `huge` has 200,000 items (one month of 21,000) and 2,000 albums.

import { color, isRaw, isVideo, ratio } from './pictures.mjs';

const now = Date.parse('2026-11-22T14:05:00Z');
const day = 86_400;

const titles = [
  'Sommer in der Bretagne',
  'Kittens',
  'Hochzeit Lea & Jonas',
  'Ein sehr langer Albumtitel, der in keine Kachel passt, weil er von einem Ausflug mit vielen Stationen erzählt',
  'Garten',
  '<img src=x onerror=alert(1)>',
  'رحلة إلى البتراء',
  '2019',
  'Wanderungen',
  'Band',
  'Neue Wohnung',
  'Scans',
  null,
  'Großeltern',
  'Ostsee',
  'Familie 2024',
];

/** Albums: every fifth is empty, every tenth gone. */
const madeAlbums = (count) =>
  Array.from({ length: count }, (_, index) => {
    const empty = index % 16 === 4;
    return {
      id: index + 1,
      title: index < titles.length ? titles[index] : `${titles[(index * 7) % 12]} ${index}`,
      count: empty ? 0 : 12 + (index % 40) * 37,
      cover: empty ? null : 400 + index * 7,
      cover_shows: !empty && !isRaw(400 + index * 7),
      shared: index % 4 === 1,
      own: index % 4 !== 1,
      gone: index % 16 === 9,
      first_taken: empty ? null : now / 1000 - (900 + index * 2) * day,
      last_taken: empty ? null : now / 1000 - (890 - (index % 40) * 20 + index * 2) * day,
    };
  });

const some = madeAlbums(titles.length);
const many = madeAlbums(2000);
export const albums = (scenario) => (scenario === 'empty' ? [] : scenario === 'huge' ? many : some);

function madeMonths(total, monthCount) {
  const list = [];
  let left = total - 37;
  let first = 1;
  for (let index = 0; left > 0 && index < monthCount; index += 1) {
    const usual = 20 + Math.round((total / monthCount) * (0.2 + 1.3 * Math.abs(Math.sin(index * 2.3))));
    const count = Math.min(left, total > 100_000 && index === 40 ? 21_000 : index === monthCount - 1 ? left : usual);
    const date = new Date(Date.UTC(2026, 10 - index, 1));
    list.push({ key: date.toISOString().slice(0, 7), count, first });
    left -= count;
    first += count;
  }
  list.push({ key: 'undated', count: 37, first });
  return list.map((month) => ({ ...month, ratio_sum: sum(month.first, month.count) }));
}

function sum(first, count) {
  let all = 0;
  for (let file = first; file < first + count; file += 1) all += ratio(file);
  return Math.round(all * 1000) / 1000;
}

const made = new Map();
function months(scenario) {
  const total = scenario === 'huge' ? 200_000 : Number(process.env.PRETEND_ITEMS ?? 18_432);
  if (!made.has(total)) made.set(total, madeMonths(total, total > 100_000 ? 290 : 200));
  return made.get(total);
}

function columns(key, first, count) {
  const files = Array.from({ length: count }, (_, index) => first + index);
  return {
    id: files,
    file: files,
    ratio: files.map(ratio),
    video: files.map(isVideo),
    taken: files.map((file, index) => takenAt(key, index, count, file)),
    type_name: files.map(typeName),
    shows: files.map((file) => !isRaw(file)),
    color: files.map((file) => (isRaw(file) ? null : color(file))),
  };
}

const typeName = (file) =>
  isVideo(file) ? 'MP4' : isRaw(file) ? (file % 3 ? 'HEIC' : 'CR2') : file % 31 === 3 ? 'TIFF' : 'JPEG';

function takenAt(key, index, count, file) {
  if (key === 'undated') return null;
  const end = key.includes('-') ? Date.parse(`${key}-28T20:00:00Z`) / 1000 : now / 1000 - file * 900;
  return end - Math.round((index * 27 * day) / Math.max(1, count));
}

/** The month that an item is in, with its place there. */
function found(scenario, id) {
  const month = months(scenario).find(({ first, count }) => id >= first && id < first + count);
  return month && { ...month, index: id - month.first };
}

const description = (id) => {
  if (id % 9 === 0) return 'Am Morgen, bevor der Nebel sich hob, gingen wir los. <b>Kein HTML.</b> '.repeat(1400);
  return id % 3 === 0 ? 'Am Morgen, bevor der Nebel sich hob.' : null;
};

export function timelineCommands(state) {
  const album = (id) => albums(state.scenario).find((one) => one.id === id);
  return {
    'timeline.buckets': (request) => {
      if (state.scenario === 'empty') return { total: 0, buckets: [] };
      if (request.album === null || request.album === undefined) {
        const list = months(state.scenario);
        return {
          total: list.reduce((all, { count }) => all + count, 0),
          buckets: list.map(({ key, count, ratio_sum }) => ({ key, count, ratio_sum })),
        };
      }
      const count = album(request.album)?.count ?? 0;
      return {
        total: count,
        buckets: Array.from({ length: Math.ceil(count / 100) }, (_, index) => {
          const part = Math.min(100, count - index * 100);
          return { key: String(index), count: part, ratio_sum: sum(request.album * 1000 + index * 100, part) };
        }),
      };
    },
    'timeline.bucket': (request) => {
      if (request.album === null || request.album === undefined) {
        const month = months(state.scenario).find(({ key }) => key === request.key);
        return columns(request.key, month?.first ?? 1, month?.count ?? 0);
      }
      const at = Number(request.key) * 100;
      const count = album(request.album)?.count ?? 0;
      return columns(request.key, request.album * 1000 + at, Math.max(0, Math.min(100, count - at)));
    },
    'item.show': ({ id }) => {
      const place = found(state.scenario, id);
      const taken = place ? takenAt(place.key, place.index, place.count, id) : now / 1000 - id * 900;
      const wide = ratio(id);
      const name = `IMG_${String(id).padStart(5, '0')}`;
      const extension = { JPEG: 'JPG', MP4: 'MP4', HEIC: 'HEIC', CR2: 'CR2', TIFF: 'TIF' }[typeName(id)];
      const month = place?.key === 'undated' || !place ? '2026/11' : place.key.replace('-', '/');
      const file = (number, role, path, size) => ({
        id: number,
        role,
        stored: true,
        path,
        size,
        mime_type: isVideo(id) ? 'video/mp4' : 'image/jpeg',
        type_name: role === 'motion' ? 'MP4' : typeName(id),
      });
      return {
        id,
        title: id % 8 === 0 ? `Geburtstag <b>Oma</b> \u202E${extension.toLowerCase()}.exe` : `${name}.${extension}`,
        video: isVideo(id),
        taken: taken === null ? null : new Date((taken - 7200) * 1000).toISOString(),
        taken_local: taken,
        offset: taken === null || id % 7 === 0 ? null : 7200,
        description: description(id),
        width: Math.round(4032 * Math.min(1, wide)),
        height: Math.round(4032 / Math.max(1, wide)),
        camera: id % 6 === 0 ? null : 'Google Pixel 7',
        latitude: id % 2 ? 48.1173 : null,
        longitude: id % 2 ? -3.4021 : null,
        people: id % 4 === 0 ? ['Anna', 'ليلى', 'Jonas <3'] : [],
        albums:
          id % 5
            ? []
            : [
                { id: 1, title: titles[0] },
                { id: 7, title: titles[6] },
              ],
        favorite: id % 5 === 0,
        archived: id % 10 === 0,
        at_google: id % 4 !== 3,
        files: [
          file(id, 'original', `photos/${month}/${name}.${extension}`, 4_211_000),
          ...(id % 5 === 0
            ? [file(id + 1_000_000, 'edited', `photos/${month}/${name}-edited.${extension}`, 3_100_000)]
            : []),
          ...(id % 10 === 0 ? [file(id + 2_000_000, 'motion', `photos/${month}/${name}.MP4`, 2_050_000)] : []),
        ],
      };
    },
    'item.reveal': () => ({}),
    'item.open_at_google': ({ id }) => ({
      address: `https://photos.google.com/lr/photo/pretended-${id}`,
      opened: false,
    }),
    'albums.list': () => albums(state.scenario),
  };
}

/** Pictures that cannot be read, of both kinds. */
export const isBroken = (kind, file) => (kind === 'thumbnail' ? file % 101 === 7 : file % 53 === 11);
