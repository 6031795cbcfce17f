import { describe, expect, test } from 'vitest';
import type { Schedule, ShownSchedule } from '$lib/backend';
import { dayOf, everyOf, hourSpan, hoursOf, oftenOf, scheduleLines, weekday } from './schedule-words';

const now = new Date('2026-11-24T12:00:00Z');
const schedule: Schedule = {
  every: 'daily',
  hour: 3,
  minute: 17,
  seed: 9,
  only_on_power: false,
  only_unmetered: false,
};
const shown = (changes: Partial<ShownSchedule> = {}): ShownSchedule => ({
  schedule,
  next: '2026-11-25T03:20:00Z',
  waits_for: null,
  last: null,
  paused_until: null,
  kept: true,
  ...changes,
});

describe('a schedule in fields', () => {
  test('comes back as it was chosen', () => {
    expect([null, 'daily' as const, { hours: 2 }, { weekly: 0 }].map(oftenOf)).toEqual([
      'off',
      'daily',
      'hours',
      'weekly',
    ]);
    for (const often of ['hours', 'daily', 'weekly'] as const) expect(oftenOf(everyOf(often))).toBe(often);
    expect([hoursOf({ hours: 2 }), dayOf({ weekly: 0 })]).toEqual([2, 0]);
  });

  test('weeks begin on Monday, and the last hour of a day ends at midnight', () => {
    expect([weekday(0), weekday(6)]).toEqual(['Monday', 'Sunday']);
    expect(hourSpan(23)).toBe('23:00 and 00:00');
  });
});

describe('what is said of it', () => {
  const lines = (changes: Partial<ShownSchedule>, here = true) => scheduleLines(shown(changes), here, now).join(' ');

  test('when the next run is, or what keeps it back', () => {
    expect(lines({})).toContain('Next run');
    expect(lines({ waits_for: 'power' })).toBe('It waits for wall power.');
    expect(lines({ waits_for: 'disk' })).toContain('disk');
  });

  test('until when it is paused', () => {
    expect(lines({ paused_until: '2026-11-24T13:00:00Z', waits_for: 'person' })).toContain('Paused until');
    expect(lines({ paused_until: '+262142-12-31T23:59:59.999Z', waits_for: 'person' })).toContain('you resume');
    expect(lines({ paused_until: '2026-11-24T11:00:00Z' })).toContain('Next run');
  });

  test('how the last one went, and who keeps it', () => {
    expect(lines({ last: ['well', '2026-11-24T09:00:00Z'] })).toContain('went well, 3 hours ago');
    expect(lines({ last: ['network', '2026-11-24T09:00:00Z'] })).toContain('did not come to its end');
    expect(lines({}, false)).toContain('Another Photokeep');
    expect(lines({ kept: false }, false)).not.toContain('Another Photokeep');
  });
});
