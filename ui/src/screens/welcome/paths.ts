// Paths as people type them.

import type { Platform } from '$lib/backend';

/** Whether a path names a folder from the top, so that it means the same to everybody. */
export function isWholePath(path: string, platform: Platform): boolean {
  return platform === 'windows' ? /^([a-z]:[\\/]|\\\\[^\\/])/i.test(path) : path.startsWith('/');
}

/** A whole path to show as an example. */
export function examplePath(platform: Platform): string {
  return { linux: '/home/anna/Pictures/Photokeep', windows: 'D:\\Photokeep', macos: '/Users/anna/Pictures/Photokeep' }[
    platform
  ];
}
