import { expect, test } from 'vitest';

const sources = import.meta.glob<string>(['../../**/*.{ts,svelte}', '!../../lib/paraglide/**', '!**/*.test.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

test('nothing but this folder imports Tauri', () => {
  const importing = Object.entries(sources)
    .filter(([, text]) => /from ['"]@tauri-apps|import\(['"]@tauri-apps/.test(text))
    .map(([path]) => path);
  expect(importing).toEqual(['./tauri.ts']);
});

test('no markup has a style attribute, which the content security policy would drop', () => {
  const offending = Object.entries(sources)
    .filter(([path, text]) => path.endsWith('.svelte') && /\sstyle=["'{]/.test(text))
    .map(([path]) => path);
  expect(offending).toEqual([]);
});
