// What time it is, for "3 minutes ago": what reads it in a template is told anew twice a minute, and nothing ticks while
// nobody reads it.

import { createSubscriber } from 'svelte/reactivity';

const every = 30_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, every);
  return () => clearInterval(timer);
});

export const now = {
  get current(): Date {
    subscribe();
    return new Date();
  },
};
