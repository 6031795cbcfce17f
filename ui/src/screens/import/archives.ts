// Paths of archives: which of some dropped ones can be an export, and those that a person types.

import type { Platform } from '$lib/backend';
import { isWholePath } from '../welcome/paths';

/** Whether a file of this name can be an archive of Takeout. What it is decides the engine, by its bytes. */
export function isArchiveName(name: string): boolean {
  return /\.(zip|tgz|tar|tar\.gz)$/i.test(name);
}

/** Archives, and what may be a folder: names without an ending. */
export function archivesAmong(paths: string[]): string[] {
  return paths.filter((path) => {
    const name = path.split(/[\\/]/).filter(Boolean).at(-1) ?? '';
    return isArchiveName(name) || !/\.\w{1,5}$/.test(name);
  });
}

/** Typed lines as paths; `wrong` is the first that is no whole path. Quotation marks around one come from copying it. */
export function typedPaths(text: string, platform: Platform): { paths: string[]; wrong: string | null } {
  const paths = text
    .split(/\r?\n/)
    .map((line) =>
      line
        .trim()
        .replace(/^(["'])(.*)\1$/, '$2')
        .trim(),
    )
    .filter(Boolean);
  return { paths, wrong: paths.find((path) => !isWholePath(path, platform)) ?? null };
}

/** Where archives arrive on many computers, as an example. */
export function exampleDownloads(platform: Platform): string {
  return { linux: '/home/anna/Downloads', windows: 'C:\\Users\\Anna\\Downloads', macos: '/Users/anna/Downloads' }[
    platform
  ];
}

/** Where a person may have downloaded archives to, as an example. */
export function exampleArchive(platform: Platform): string {
  const separator = platform === 'windows' ? '\\' : '/';
  return `${exampleDownloads(platform)}${separator}takeout-20261122T093000Z-001.zip`;
}
