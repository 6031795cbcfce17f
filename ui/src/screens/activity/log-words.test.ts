import { expect, test } from 'vitest';
import type { LogEvent, LogStep } from '$lib/backend';
import { locale } from '$lib/locale.svelte';
import { logLength, logWords } from './log-words';

const step = (event: LogEvent, until: string | null = null): LogStep => ({ at: '2026-11-22T10:00:00Z', until, event });

test('a phase says what it did and how long it took', () => {
  locale.use('en');
  const fetching = step(
    { what: 'phase', phase: 'fetching', done: 1200, bytes: 3_000_000, failed: 2 },
    '2026-11-22T10:02:00Z',
  );
  expect(logWords(fetching, {}).more.map((text) => text.replace(/\u00a0/g, ' '))).toEqual([
    'done: 1,200',
    '3 MB',
    'failed: 2',
  ]);
  expect(logLength(fetching)?.replace(/\u00a0/g, ' ')).toBe('2 min');
  expect(logLength(step({ what: 'ended' }))).toBeNull();
});

test('waits say why, and failures in the language of the page', () => {
  locale.use('de');
  expect(logWords(step({ what: 'waited', reason: 'daily-quota', due: '2026-11-23T08:00:00Z' }), {}).words).toBe(
    'Gewartet: Googles Tagesgrenze war erreicht',
  );
  const message = 'The download broke off again and again.';
  const failed = step({ what: 'failed', title: 'IMG_1.JPG', code: 'item-failed', message });
  const words = logWords(failed, { [message]: { code: 'broke-off', words: '', values: {}, parts: {} } });
  expect(words.words).toBe('Ließ sich nicht holen: IMG_1.JPG');
  expect(words.more).toEqual(['Das Herunterladen ist immer wieder abgebrochen.']);
  expect(words.attention).toBe(true);
});

test('a run that the person stopped is no trouble', () => {
  locale.use('en');
  expect(logWords(step({ what: 'broke', code: 'cancelled', message: 'Stopped.' }), {}).attention).toBe(false);
});
