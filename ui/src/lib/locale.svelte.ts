// The language in use. Every text (`m.…()`) and every formatted number reads it, so a change shows at once wherever they
// stand in a template or in `$derived`; nothing is loaded anew.

import type { Language } from './backend/generated';
import { baseLocale, isLocale, type Locale, overwriteGetLocale } from './paraglide/runtime.js';

class CurrentLocale {
  #locale = $state<Locale>(baseLocale);

  /** The language of the texts. */
  get current(): Locale {
    return this.#locale;
  }

  /** The tag for numbers and dates: the system's own variant of the language where there is one, as `en-GB`. */
  get tag(): string {
    const own = navigator.languages.find((tag) => tag.split('-')[0] === this.#locale);
    return own ?? this.#locale;
  }

  /** Takes over the setting; `system` means the first language of the system that there are texts for. */
  use(language: Language): void {
    this.#locale = language === 'system' ? ofSystem() : language;
    document.documentElement.lang = this.#locale;
  }
}

function ofSystem(): Locale {
  for (const tag of navigator.languages) {
    const language = tag.split('-')[0];
    if (isLocale(language)) return language;
  }
  return baseLocale;
}

export const locale = new CurrentLocale();
overwriteGetLocale(() => locale.current);
