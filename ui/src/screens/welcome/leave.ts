// The end of the welcome, whichever way it was left.

import { address, router } from '$lib/router.svelte';
import { app } from '$lib/state/app.svelte';

/** Remembers that the welcome was seen, and leads to a screen. */
export function leave(to: 'home' | 'sync' | 'import' | 'guide' = 'home'): void {
  // When it cannot be remembered, the welcome merely shows once more.
  if (!app.settings.welcomed) app.set({ welcomed: true }).catch(() => {});
  router.go(to === 'guide' ? address('import', 'guide') : address(to));
}
