// Which screen is open, kept in the address after `#`: `#/photos`, `#/albums/12`, `#/photos?item=7`. A reload or a link
// from outside leads to the same place; an unknown address leads home.

export const screens = [
  'welcome',
  'home',
  'sync',
  'photos',
  'albums',
  'album',
  'import',
  'compare',
  'activity',
  'settings',
] as const;
export type ScreenName = (typeof screens)[number];

export interface Route {
  screen: ScreenName;
  /** What follows the screen's name: an album, a run, a section of the settings. */
  id: string | null;
  query: URLSearchParams;
}

/** The address of a screen, for `href` and [`Router.go`]. An album's is `address('album', 12)`. */
export function address(
  screen: ScreenName,
  id?: string | number | null,
  query?: Record<string, string | number>,
): string {
  const name = screen === 'album' ? 'albums' : screen;
  const path = id === undefined || id === null ? name : `${name}/${encodeURIComponent(id)}`;
  const search = query && new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return `#/${path}${search?.size ? `?${search}` : ''}`;
}

/** Reads an address. Never fails. */
export function parse(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [name = '', rest] = path.split('/', 2);
  const query = new URLSearchParams(search);
  const id = rest ? decoded(rest) : null;
  if (name === 'albums' && id !== null) return { screen: 'album', id, query };
  if (name === 'album' || !screens.includes(name as ScreenName))
    return { screen: 'home', id: null, query: new URLSearchParams() };
  return { screen: name as ScreenName, id, query };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

class Router {
  #route = $state.raw(parse(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      this.#route = parse(location.hash);
    });
  }

  get route(): Route {
    return this.#route;
  }

  /** Opens an address made by [`address`]; `replace` leaves no step to go back to. */
  go(to: string, { replace = false } = {}): void {
    if (replace) history.replaceState(null, '', to);
    else if (location.hash !== to) history.pushState(null, '', to);
    this.#route = parse(to);
  }

  back(): void {
    history.back();
  }
}

export const router = new Router();
