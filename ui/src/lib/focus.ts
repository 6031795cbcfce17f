// Where the focus goes when what was pressed is gone: to the heading of the page, instead of nowhere.

import { tick } from 'svelte';

/** Puts the focus on the heading. */
export function focusHeading(): void {
  document.querySelector<HTMLElement>('h1')?.focus();
}

/** The same where nothing has the focus any more, once the page shows what changed. */
export async function keepFocus(): Promise<void> {
  await tick();
  if (document.activeElement === null || document.activeElement === document.body) focusHeading();
}
