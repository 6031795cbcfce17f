// The components that screens are made of.

export { default as Button } from './Button.svelte';
export { default as Card } from './Card.svelte';
export { default as Dialog } from './Dialog.svelte';
export { default as EmptyState } from './EmptyState.svelte';
export { default as FileDrop } from './FileDrop.svelte';
export { default as Icon } from './Icon.svelte';
export { type IconName, icons } from './icons';
export { default as Kbd } from './Kbd.svelte';
export { default as Menu, type MenuEntry } from './Menu.svelte';
export { default as NoLibrary } from './NoLibrary.svelte';
export { default as Notice } from './Notice.svelte';
export { default as Page } from './Page.svelte';
export { default as Path } from './Path.svelte';
export { default as ProgressBar } from './ProgressBar.svelte';
export { default as RadioCards } from './RadioCards.svelte';
export { default as RoundIcon } from './RoundIcon.svelte';
export { default as Select } from './Select.svelte';
export { default as Skeleton } from './Skeleton.svelte';
export { default as Stat } from './Stat.svelte';
export { default as Switch } from './Switch.svelte';
export { default as Tabs } from './Tabs.svelte';
export { default as TextField } from './TextField.svelte';
export { default as ToggleGroup } from './ToggleGroup.svelte';
export { default as Tooltip } from './Tooltip.svelte';
