import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { BackendError } from '$lib/backend';
import { FakeBackend } from '$lib/backend/fake';
import { locale } from '$lib/locale.svelte';
import { router } from '$lib/router.svelte';
import Notice from './Notice.svelte';

const gone = new BackendError({
  code: 'target-gone',
  message: 'The folder /media/<b>anna</b> is not there.',
  hint: 'Connect it.',
  details: { path: '/media/<b>anna</b>' },
});

describe('a notice of an error', () => {
  beforeEach(() => void new FakeBackend());

  test('says what happened and what it means, in the language in use', async () => {
    render(Notice, { error: gone });
    expect(screen.getByRole('alert').textContent).toContain('Nothing was deleted');
    locale.use('de');
    await expect.poll(() => screen.getByRole('alert').textContent).toContain('nichts gelöscht');
  });

  test('shows what came from outside as text', () => {
    render(Notice, { error: gone });
    expect(screen.getByRole('alert').querySelector('b')).toBeNull();
    expect(screen.getByText('The folder /media/<b>anna</b> is not there.')).toBeTruthy();
  });

  test('offers to try again only where somebody can', async () => {
    const again = vi.fn();
    const { rerender } = render(Notice, { error: gone });
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    await rerender({ error: gone, onretry: again });
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(again).toHaveBeenCalledOnce();
  });

  test('leads to the place that helps', async () => {
    render(Notice, { error: new BackendError({ code: 'sign-in-needed', message: 'Expired.' }) });
    await userEvent.click(screen.getByRole('button', { name: 'Sign in with Google' }));
    expect(router.route).toMatchObject({ screen: 'welcome', id: 'source' });
  });

  test('puts everything for a report onto the clipboard', async () => {
    const user = userEvent.setup();
    render(Notice, { error: gone });
    await user.click(screen.getByRole('button', { name: 'Copy details', hidden: true }));
    expect(await navigator.clipboard.readText()).toContain(
      'target-gone: The folder /media/<b>anna</b> is not there.\nConnect it.\npath: ',
    );
  });
});
