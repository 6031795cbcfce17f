// The timeline for screens: a `Timeline` (of everything, or of an album) and the `Gallery` that shows it.

export { default as Gallery } from './Gallery.svelte';
export { default as GridSkeleton } from './GridSkeleton.svelte';
export { Timeline } from './timeline.svelte';
