import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { BackendError, type Entry } from '$lib/backend';
import { FakeBackend } from '$lib/backend/fake';
import Receipt from './Receipt.svelte';
import { receipt } from './samples';

const hostile = '<img src=x onerror=alert(1)>\u202Egpj.exe';
const entry = (index: number): Entry => ({
  item: index,
  title: `IMG_${index}.jpg`,
  path: `photos/IMG_${index}.jpg`,
  reason: null,
});

function lists(totals: Record<string, number>, title?: string) {
  return new FakeBackend({
    'activity.entries': ({ what, offset, limit }) => {
      const total = totals[what] ?? 0;
      const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) =>
        entry(offset + index),
      );
      return { total, rows: title ? rows.map((row) => ({ ...row, title })) : rows, sentences: {} };
    },
  });
}

test('says how it ended and gives every number a way to its list', async () => {
  const engine = lists({ added: 214 });
  render(Receipt, { receipt: receipt() });
  expect(screen.getByRole('heading', { level: 2 }).textContent).toBe('Everything is kept');
  await userEvent.click(screen.getByRole('button', { name: /^214 added, 1.89.GB, open list$/ }));
  expect(engine.calls.at(-1)).toEqual({
    command: 'activity.entries',
    request: { run: 41, what: 'added', offset: 0, limit: 100 },
  });
  expect(await screen.findByRole('link', { name: 'IMG_0.jpg' })).toHaveProperty('hash', '#/photos?item=0');
});

test('a long list is turned page by page, never drawn whole', async () => {
  lists({ added: 214 });
  const { container } = render(Receipt, { receipt: receipt() });
  await userEvent.click(screen.getByRole('button', { name: /open list/ }));
  await screen.findByText('1–100 of 214');
  await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
  await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
  await screen.findByText('201–214 of 214');
  expect(container.querySelectorAll('.list li')).toHaveLength(14);
  expect(screen.getByRole('button', { name: 'Next page' })).toHaveProperty('disabled', true);
});

test('failed items show their reasons, and titles from outside are nothing but text', async () => {
  lists({ failed: 3 }, hostile);
  const failed = [{ reason: 'It arrived incomplete.', count: 3 }];
  const { container } = render(Receipt, { receipt: receipt({ outcome: 'some-failed', complete: false, failed }) });
  expect(screen.getByText('3 × It arrived incomplete.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: '3 failed, open list' }));
  const list = await screen.findAllByText(hostile);
  expect(list[0]?.tagName).toBe('BDI');
  expect(container.querySelector('img')).toBeNull();
});

test('a list that cannot be read says so and can be asked for again', async () => {
  const engine = lists({ added: 1 });
  const answer = engine.answers['activity.entries'];
  engine.answers['activity.entries'] = () => {
    throw new BackendError({ code: 'catalog-locked', message: 'Busy.' });
  };
  render(Receipt, { receipt: receipt() });
  await userEvent.click(screen.getByRole('button', { name: /open list/ }));
  const alert = await screen.findByRole('alert');
  engine.answers['activity.entries'] = answer;
  await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'IMG_0.jpg' })).toBeTruthy();
});

test('a list is closed by its number or its button', async () => {
  lists({ added: 1 });
  render(Receipt, { receipt: receipt() });
  const number = screen.getByRole('button', { name: /open list/ });
  await userEvent.click(number);
  expect(number.getAttribute('aria-expanded')).toBe('true');
  await userEvent.click(screen.getByRole('button', { name: 'Close the list' }));
  expect(number.getAttribute('aria-expanded')).toBe('false');
  expect(screen.queryByRole('button', { name: 'Close the list' })).toBeNull();
});

test('what is gone at Google since earlier is said to stand elsewhere', async () => {
  lists({ absent: 1 });
  render(Receipt, { receipt: receipt({ absent: 9 }), opened: 'absent' });
  expect(await screen.findByText(/older ones are in the lists of earlier runs/)).toBeTruthy();
});
