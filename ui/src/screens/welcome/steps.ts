// The steps of the welcome, in order, and what follows what.

import { m } from '$lib/texts';

export const steps = ['folder', 'source', 'schedule'] as const;
export type Step = (typeof steps)[number];

/** The step an address names; `null` is the first page, also for names nobody knows. */
export function stepOf(id: string | null): Step | null {
  return steps.find((step) => step === id) ?? null;
}

export function stepName(step: Step): string {
  return { folder: m.welcome_step_folder, source: m.welcome_step_source, schedule: m.welcome_step_schedule }[step]();
}

/** Where a step stands. One that was skipped is not done. */
export function stepState(step: Step, open: Step, done: Step[]): 'done' | 'open' | 'coming' {
  if (step === open) return 'open';
  return done.includes(step) ? 'done' : 'coming';
}
