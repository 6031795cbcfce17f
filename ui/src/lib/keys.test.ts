import { afterEach, describe, expect, test, vi } from 'vitest';
import { addKeys, handleKey, keyName, shortcutGroups } from './keys';

const press = (init: KeyboardEventInit, target: Element = document.body) => {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  target.addEventListener('keydown', (heard) => handleKey(heard as KeyboardEvent), { once: true });
  target.dispatchEvent(event);
  return event;
};

describe('a key', () => {
  test.each([
    [{ key: 'ArrowLeft' }, 'ArrowLeft'],
    [{ key: 'ArrowLeft', shiftKey: true }, 'Shift+ArrowLeft'],
    [{ key: '?', shiftKey: true }, '?'],
    [{ key: 'D', shiftKey: true }, 'D'],
    [{ key: 'a', ctrlKey: true }, 'Mod+a'],
    [{ key: 'a', metaKey: true }, 'Mod+a'],
    [{ key: '1', altKey: true }, 'Alt+1'],
    [{ key: ' ' }, ' '],
    [{ key: 'D' }, 'd'],
  ])('%o is written %s', (init, name) => expect(keyName(new KeyboardEvent('keydown', init))).toBe(name));
});

describe('the table', () => {
  const stops: (() => void)[] = [];
  const add = (key: string) => {
    const run = vi.fn();
    stops.push(addKeys({ title: () => key, shortcuts: [{ keys: [key], text: () => key, run }] }));
    return run;
  };
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
    document.body.innerHTML = '';
  });

  test('runs what it says, the newest first', () => {
    const older = add('g');
    const newer = add('g');
    expect(press({ key: 'g' }).defaultPrevented).toBe(true);
    expect([older.mock.calls.length, newer.mock.calls.length]).toEqual([0, 1]);
  });

  test('leaves other keys alone', () => {
    const run = add('g');
    expect(press({ key: 'h' }).defaultPrevented).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });

  test.each([
    '<input>',
    '<textarea></textarea>',
    '<div role="menu"><a href="#x">x</a></div>',
    '<div role="dialog"><button>x</button></div>',
  ])('leaves what is typed into %s alone', (markup) => {
    const run = add('g');
    document.body.innerHTML = markup;
    press({ key: 'g' }, document.body.querySelector('input, textarea, a, button') ?? document.body);
    expect(run).not.toHaveBeenCalled();
  });

  test('holds in a dialog with keys of its own', () => {
    const run = add('g');
    document.body.innerHTML = '<div role="dialog" data-own-keys><button>x</button></div>';
    press({ key: 'g' }, document.body.querySelector('button') ?? document.body);
    expect(run).toHaveBeenCalledOnce();
  });

  test('forgets a group that is gone', () => {
    const before = shortcutGroups().length;
    const run = add('g');
    expect(shortcutGroups().length).toBe(before + 1);
    stops.splice(0)[0]?.();
    press({ key: 'g' });
    expect(run).not.toHaveBeenCalled();
    expect(shortcutGroups().length).toBe(before);
  });
});
