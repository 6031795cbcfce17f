// The five things to do at Google for a client of one's own, and which of them the person has ticked off. The ticks stay while
// the window is open, since the way leads through the browser and back several times.

import { SvelteSet } from 'svelte/reactivity';
import type { Page } from '$lib/backend';
import { m } from '$lib/texts';

export interface GuideCard {
  page: Page;
  title: () => string;
  text: () => string;
  link: () => string;
}

export const cards: readonly GuideCard[] = [
  {
    page: 'console-project',
    title: m.welcome_guide_project,
    text: m.welcome_guide_project_text,
    link: m.welcome_guide_project_link,
  },
  { page: 'console-api', title: m.welcome_guide_api, text: m.welcome_guide_api_text, link: m.welcome_guide_api_link },
  {
    page: 'console-consent',
    title: m.welcome_guide_consent,
    text: m.welcome_guide_consent_text,
    link: m.welcome_guide_consent_link,
  },
  {
    page: 'console-audience',
    title: m.welcome_guide_audience,
    text: m.welcome_guide_audience_text,
    link: m.welcome_guide_audience_link,
  },
  {
    page: 'console-client',
    title: m.welcome_guide_client,
    text: m.welcome_guide_client_text,
    link: m.welcome_guide_client_link,
  },
];

export class Guide {
  #ticked = new SvelteSet<Page>();
  /** The card that is open. */
  open = $state(0);
  /** Whether only the summary shows. */
  folded = $state(false);

  get done(): number {
    return this.#ticked.size;
  }

  isTicked(page: Page): boolean {
    return this.#ticked.has(page);
  }

  /** Ticks a card off and opens the next that is not; after the last the guide folds. */
  tick(page: Page, ticked: boolean): void {
    if (!ticked) {
      this.#ticked.delete(page);
      return;
    }
    this.#ticked.add(page);
    const next = cards.findIndex((card) => !this.#ticked.has(card.page));
    if (next < 0) this.folded = true;
    else this.open = next;
  }
}

export const guide = new Guide();
