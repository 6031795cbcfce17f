// What was granted, in words. Google's names come short (`email`) or as addresses; both are understood.

import { m } from '$lib/texts';

const texts: Record<string, () => string> = {
  'photoslibrary.readonly': m.settings_scope_whole,
  photoslibrary: m.settings_scope_whole,
  'photoslibrary.sharing': m.settings_scope_shared,
  'photoslibrary.readonly.appcreateddata': m.settings_scope_own,
  'photoslibrary.appendonly': m.settings_scope_upload,
  'photoslibrary.edit.appcreateddata': m.settings_scope_edit,
  openid: m.settings_scope_who,
  email: m.settings_scope_who,
  'userinfo.email': m.settings_scope_who,
};

/** Each right once, photos before the rest; a right nobody knows here by its own name. */
export function scopeWords(scopes: string[]): string[] {
  const order = Object.keys(texts);
  const names = scopes.map((scope) => scope.slice(scope.lastIndexOf('/') + 1));
  const known = names.filter((name) => Object.hasOwn(texts, name)).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const words = known.map((name) => texts[name]?.() ?? name);
  return [...new Set([...words, ...names.filter((name) => !Object.hasOwn(texts, name))])];
}
