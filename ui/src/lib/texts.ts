// All texts, as functions: `m.home_title()`, `m.common_count_items({ count })`. They live in messages/<room>/{en,de}.json.
// Imported from here, so that the current language is in force before the first text is asked for.

import './locale.svelte';

export { m } from './paraglide/messages.js';
