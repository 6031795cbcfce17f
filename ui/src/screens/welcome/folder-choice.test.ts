import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BackendError, type FolderReport } from '$lib/backend';
import { type Answers, fakeBackend } from './fake-backend';
import { findingText, sorted } from './findings';
import { FolderChoice, REST } from './folder-choice.svelte';
import { isWholePath } from './paths';

const report = (folder: string, change: Partial<FolderReport> = {}): FolderReport => ({
  folder,
  state: 'new',
  free_bytes: 1,
  total_bytes: 2,
  file_system: 'ext4',
  findings: [],
  trouble: null,
  link_kinds: ['symlink', 'hardlink', 'copy', 'shortcut'],
  link_auto: 'symlink',
  ...change,
});

const probing = (probe: Answers['library.probe']) => fakeBackend({ 'library.probe': probe });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('typing asks once, after a rest, for what stands there then', async () => {
  const backend = probing(({ folder }) => report(folder));
  const choice = new FolderChoice('linux');
  for (const path of ['/m', '/me', '/media ']) choice.path = path;
  expect(choice.trying).toBe(true);
  await vi.advanceTimersByTimeAsync(REST - 1);
  expect(backend.call).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(backend.asked('library.probe')).toEqual([{ folder: '/media' }]);
  expect(choice.ready).toBe(true);
});

test('an answer that comes late does not count for another folder', async () => {
  const late: ((report: FolderReport) => void)[] = [];
  probing(() => new Promise((done) => late.push(done as never)));
  const choice = new FolderChoice('linux');
  choice.take('/first');
  await vi.advanceTimersByTimeAsync(0);
  choice.take('/second');
  await vi.advanceTimersByTimeAsync(0);
  late[1]?.(report('/second', { state: 'unusable' }));
  late[0]?.(report('/first'));
  await vi.advanceTimersByTimeAsync(0);
  expect(choice.report?.folder).toBe('/second');
  expect(choice.ready).toBe(false);
});

test('a part of a path is never tried', async () => {
  const backend = probing(({ folder }) => report(folder));
  const choice = new FolderChoice('linux');
  choice.path = 'Pictures';
  await vi.advanceTimersByTimeAsync(REST);
  expect(choice.isPart).toBe(true);
  expect(choice.ready).toBe(false);
  expect(backend.call).not.toHaveBeenCalled();
});

test('what fails is said, and can be tried again', async () => {
  let broken = true;
  probing(({ folder }) => {
    if (broken) throw new BackendError({ code: 'target-gone', message: 'gone' });
    return report(folder);
  });
  const choice = new FolderChoice('linux');
  choice.take('/media/disk');
  await vi.advanceTimersByTimeAsync(0);
  expect([choice.error?.code, choice.ready]).toEqual(['target-gone', false]);
  broken = false;
  choice.again();
  await vi.advanceTimersByTimeAsync(0);
  expect([choice.error, choice.ready]).toEqual([null, true]);
});

test('a kind of links that does not work in the next folder is given up', async () => {
  probing(({ folder }) => report(folder, folder.includes('fat') ? { link_kinds: ['copy', 'shortcut'] } : {}));
  const choice = new FolderChoice('linux');
  choice.take('/home');
  await vi.advanceTimersByTimeAsync(0);
  choice.links = 'hardlink';
  choice.take('/fat');
  await vi.advanceTimersByTimeAsync(0);
  expect(choice.links).toBe('auto');
});

test('the choices of a library that is there are not touched', async () => {
  probing(({ folder }) => report(folder, { state: folder === '/old' ? 'library' : 'not-empty' }));
  const choice = new FolderChoice('linux');
  choice.links = 'copy';
  choice.take('/old');
  await vi.advanceTimersByTimeAsync(0);
  expect(choice.request).toEqual({ folder: '/old' });
  choice.take('/new');
  await vi.advanceTimersByTimeAsync(0);
  expect(choice.request).toEqual({
    folder: '/new',
    options: { links: 'copy', layout: 'photokeep', month: 'utc' },
  });
});

test.each([
  ['linux', '/home/anna', true],
  ['linux', 'home/anna', false],
  ['linux', '~/Pictures', false],
  ['linux', 'C:\\Photos', false],
  ['windows', 'C:\\Photos', true],
  ['windows', 'd:/Photos', true],
  ['windows', '\\\\nas\\photos', true],
  ['windows', 'C:Photos', false],
  ['windows', '/Photos', false],
] as const)('on %s %s is a whole path: %s', (platform, path, whole) => {
  expect(isWholePath(path, platform)).toBe(whole);
});

test('remarks without a code of their own fold away, but never a warning', () => {
  const found = (grade: 'note' | 'warning', code: string, text: string) => ({ grade, code: code as never, text });
  const findings = [
    found('note', 'of-a-newer-engine', 'a'),
    found('warning', 'of-a-newer-engine', 'b'),
    found('note', 'no-locks', 'c'),
  ];
  const parts = sorted(report('/', { findings: [...findings, found('note', 'of-a-newer-engine', 'd')] }));
  expect(parts.first.map((finding) => finding.text)).toEqual(['b', 'c']);
  expect(parts.more.map((finding) => finding.text)).toEqual(['a', 'd']);
  expect(findingText(findings[2] as never)).toContain('no locks');
});
