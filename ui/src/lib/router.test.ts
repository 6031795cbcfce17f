import { describe, expect, test } from 'vitest';
import { address, parse, router } from './router.svelte';

describe('an address', () => {
  test.each([
    [address('home'), 'home', null],
    [address('photos', null, { item: 7 }), 'photos', null],
    [address('album', 12), 'album', '12'],
    [address('albums'), 'albums', null],
    [address('activity', 41), 'activity', '41'],
    [address('welcome', 'source'), 'welcome', 'source'],
  ] as const)('%s leads back to where it was made for', (made, screen, id) => {
    expect(parse(made)).toMatchObject({ screen, id });
  });

  test('carries what is searched for', () => expect(parse('#/photos?item=7').query.get('item')).toBe('7'));

  test.each(['', '#', '#/', '#/nowhere', '#/home/../x', '#code=abc', '#/album'])(
    'that makes no sense (%s) leads home',
    (hash) => {
      expect(parse(hash).screen).toBe('home');
    },
  );

  test('with a broken escape still opens', () => expect(parse('#/settings/%E0%A4').id).toBe('%E0%A4'));
});

describe('the router', () => {
  test('opens what it is told and what the address bar says', () => {
    router.go(address('album', 3));
    expect(router.route).toMatchObject({ screen: 'album', id: '3' });
    expect(location.hash).toBe('#/albums/3');
    location.hash = '#/settings';
    window.dispatchEvent(new Event('hashchange'));
    expect(router.route.screen).toBe('settings');
  });

  test('replaces without a step to go back to', () => {
    const steps = history.length;
    router.go(address('welcome'), { replace: true });
    expect(history.length).toBe(steps);
    expect(router.route.screen).toBe('welcome');
  });
});
