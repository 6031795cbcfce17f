import { expect, test } from 'vitest';
import { waitWords } from './wait';

const now = new Date(2026, 10, 22, 14, 0);
const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 0).toISOString();

test('every wait says that nothing is lost and when it goes on', () => {
  for (const reason of ['throttled', 'network', 'daily-quota'] as const) {
    const { text } = waitWords({ reason, until: at(22, 16) }, now);
    expect(text, reason).toMatch(/^Nothing is lost/);
    expect(text, reason).toMatch(/(4:00|16:00)/);
  }
});

test('a quota that ends tomorrow names the day', () => {
  expect(waitWords({ reason: 'daily-quota', until: at(22, 20) }, now).text).not.toContain('2026');
  expect(waitWords({ reason: 'daily-quota', until: at(23, 9) }, now).text).toMatch(/on .*23.*2026/);
});
