// The keys of the grid, for the table of `keys.ts` and its `?` sheet.

import type { Shortcut, ShortcutGroup } from '../keys';
import { m } from '../texts';
import type { Move, Unit } from './moves';
import { moved, movedDate, movedPage } from './navigate';
import type { ItemPlace, Timeline } from './timeline.svelte';

interface Grid {
  timeline: Timeline;
  /** The item that a key starts from. */
  from: () => ItemPlace | null;
  /** Puts focus and view on an item. */
  to: (place: ItemPlace) => void | Promise<void>;
  open: (place: ItemPlace) => void;
  focused: () => boolean;
  /** Opens the field for a date. */
  date: () => void;
}

const moves: Record<string, Move> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

const units: Record<string, Unit> = { d: 'day', m: 'month', y: 'year' };

/** What has the keyboard to itself. */
const others = 'input, textarea, select, [role=dialog], [role=menu], [role=listbox]';

export interface GridKeys {
  group: ShortcutGroup;
  /** D, M and Y with Shift, which go back: they have no lines of their own in the sheet. */
  shifted: (event: KeyboardEvent) => void;
}

export function gridKeys({ timeline, from, to, open, focused, date }: Grid): GridKeys {
  let busy = false;
  /** A step may wait for the engine; keys held down meanwhile must not pile up. */
  async function go(next: (from: ItemPlace) => Promise<ItemPlace | null>): Promise<void> {
    const start = from();
    if (busy || !start) return;
    busy = true;
    try {
      // The first key only shows where one is.
      const place = focused() ? await next(start) : start;
      if (place) await to(place);
    } catch {
      // The timeline shows by itself that something could not be read.
    } finally {
      busy = false;
    }
  }

  const move = (keys: string[], text: () => string): Shortcut => ({
    keys,
    text,
    run: (event) => {
      const name = moves[event.key];
      if (!name) return;
      if (name === 'first' || name === 'last') {
        const start = from();
        if (start)
          void moved(timeline, start, name).then(
            (place) => place && to(place),
            () => {},
          );
      } else void go((place) => moved(timeline, place, name));
    },
  });
  const jump = (key: string, text: () => string): Shortcut => ({
    keys: [key],
    text,
    run: () => void go((place) => movedDate(timeline, place, units[key] ?? 'day', 1)),
  });

  const shortcuts: Shortcut[] = [
    move(['ArrowLeft', 'ArrowRight'], m.photos_key_beside),
    move(['ArrowUp', 'ArrowDown'], m.photos_key_rows),
    {
      keys: ['PageUp', 'PageDown'],
      text: m.photos_key_page,
      run: (event) => void go((place) => movedPage(timeline, place, event.key === 'PageUp' ? -1 : 1)),
    },
    move(['Home', 'End'], m.photos_key_ends),
    {
      keys: ['Enter'],
      text: m.photos_key_open,
      run: (event) => {
        const start = from();
        if (focused() && start) open(start);
        // The table has taken the key from whatever control it was meant for.
        else if (event.target instanceof HTMLElement) event.target.click();
      },
    },
  ];
  if (timeline.album === null)
    shortcuts.push(jump('d', m.photos_key_day), jump('m', m.photos_key_month), jump('y', m.photos_key_year), {
      keys: ['g'],
      text: m.photos_key_date,
      run: date,
    });
  return {
    group: { title: m.photos_keys, shortcuts },
    shifted: (event) => {
      const unit = event.shiftKey ? units[event.key.toLowerCase()] : undefined;
      const elsewhere = event.target instanceof Element && event.target.closest(others) !== null;
      if (!unit || timeline.album !== null || elsewhere || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      void go((place) => movedDate(timeline, place, unit, -1));
    },
  };
}
