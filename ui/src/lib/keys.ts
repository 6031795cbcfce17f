// The keyboard, in one table: what is listed here works, and the `?` sheet shows it. Screens add their own keys with
// `useKeys` while they are open.

import { onDestroy } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';

export interface Shortcut {
  /** As in `KeyboardEvent.key`, with `Shift+` or `Mod+` (Ctrl, on a Mac Cmd) before it. Several do the same. */
  keys: string[];
  /** What it does, for the sheet. A function, since the language may change. */
  text: () => string;
  run: (event: KeyboardEvent) => void;
}

export interface ShortcutGroup {
  title: () => string;
  shortcuts: Shortcut[];
}

const groups = new SvelteSet<ShortcutGroup>();

/** The groups in force, the newest first. */
export function shortcutGroups(): ShortcutGroup[] {
  return [...groups].reverse();
}

/** Puts a group in force until the returned function is called. */
export function addKeys(group: ShortcutGroup): () => void {
  groups.add(group);
  return () => void groups.delete(group);
}

/** Puts a group in force while the calling component lives. */
export function useKeys(group: ShortcutGroup): void {
  onDestroy(addKeys(group));
}

/** How a key press is written in the table. */
export function keyName(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Mod');
  if (event.altKey) parts.push('Alt');
  // `?` and `A` already say that Shift is held.
  if (event.shiftKey && (event.key.length > 1 || event.key === ' ')) parts.push('Shift');
  parts.push(event.key.length === 1 && event.key !== ' ' && !event.shiftKey ? event.key.toLowerCase() : event.key);
  return parts.join('+');
}

const typing =
  'input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]';

/** Runs what the table says; the newest group wins. Keys that are being typed somewhere are left alone. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(typing)) return;
  // A dialog, menu or list has the keyboard to itself, but for the groups that belong to it.
  if (target?.closest('[role=menu], [role=listbox], [role=dialog]:not([data-own-keys])')) return;
  const name = keyName(event);
  for (const group of shortcutGroups()) {
    const shortcut = group.shortcuts.find((candidate) => candidate.keys.includes(name));
    if (!shortcut) continue;
    event.preventDefault();
    shortcut.run(event);
    return;
  }
}
