import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import ToggleGroup from './ToggleGroup.svelte';

test('always has one chosen, and tells of changes only', async () => {
  const onchange = vi.fn();
  const options = [
    { value: 'light', text: 'Light' },
    { value: 'dark', text: 'Dark' },
  ];
  render(ToggleGroup, { label: 'Theme', value: 'light', options, onchange });
  const state = (name: string) => screen.getByText(name).getAttribute('data-state');
  await userEvent.click(screen.getByText('Light'));
  expect([state('Light'), state('Dark')]).toEqual(['on', 'off']);
  expect(onchange).not.toHaveBeenCalled();
  await userEvent.click(screen.getByText('Dark'));
  expect([state('Light'), state('Dark')]).toEqual(['off', 'on']);
  expect(onchange.mock.calls).toEqual([['dark']]);
});
