// The screens and how they are loaded. What the first paint may need comes with the main bundle; the rest follows when idle.

import type { Component } from 'svelte';
import type { ScreenName } from '$lib/router.svelte';
import Home from '../screens/Home.svelte';

type Load = () => Promise<{ default: Component }>;

const loads: Record<Exclude<ScreenName, 'home'>, Load> = {
  welcome: () => import('../screens/Welcome.svelte'),
  sync: () => import('../screens/Sync.svelte'),
  photos: () => import('../screens/Photos.svelte'),
  albums: () => import('../screens/Albums.svelte'),
  album: () => import('../screens/Album.svelte'),
  compare: () => import('../screens/Compare.svelte'),
  import: () => import('../screens/Import.svelte'),
  activity: () => import('../screens/Activity.svelte'),
  settings: () => import('../screens/Settings.svelte'),
};

const loaded = new Map<ScreenName, Component>([['home', Home]]);

/** A screen that is there already. */
export function screenNow(name: ScreenName): Component | undefined {
  return loaded.get(name);
}

/** A screen, loaded when it is not there. */
export async function screen(name: ScreenName): Promise<Component> {
  const there = loaded.get(name);
  if (there) return there;
  const component = (await loads[name as keyof typeof loads]()).default;
  loaded.set(name, component);
  return component;
}

/** Fetches the other screens while nothing else is to be done, so that the first visit does not wait. */
export function preload(): void {
  const rest = Object.keys(loads) as ScreenName[];
  const next = () => {
    const name = rest.shift();
    if (!name) return;
    // Whoever opens it then is told.
    screen(name)
      .catch(() => undefined)
      .finally(() => setTimeout(next, 50));
  };
  setTimeout(next, 1000);
}
