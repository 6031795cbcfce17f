// The steps of a run and which one it is at. Pure; drawn by `Stepper.svelte`.

import type { Phase, RunState } from '$lib/backend';
import { m } from '$lib/texts';

export interface Step {
  phase: Phase;
  text: string;
  state: 'done' | 'now' | 'later';
}

const words: Record<Phase, () => string> = {
  recovering: m.sync_step_listing,
  listing: m.sync_step_listing,
  'listing-albums': m.sync_step_albums,
  planning: m.sync_step_planning,
  fetching: m.sync_step_fetching,
  linking: m.sync_step_linking,
  verifying: m.sync_step_verifying,
  finishing: m.sync_step_finishing,
};

const syncing: Phase[] = ['listing', 'listing-albums', 'planning', 'fetching', 'linking', 'finishing'];
const planning: Phase[] = ['listing', 'listing-albums', 'planning'];
const verifying: Phase[] = ['verifying', 'finishing'];

/** The steps of the run; those before the one it is at are done. A phase may come twice (Google is asked again): then it is "now" again. */
export function steps(run: RunState): Step[] {
  const phases = run.kind === 'verify' ? verifying : run.planning ? planning : syncing;
  // Tidying up after an interruption belongs to whatever comes first.
  const at = run.phase === null || run.phase === 'recovering' ? 0 : Math.max(0, phases.indexOf(run.phase));
  return phases.map((phase, index) => ({
    phase,
    text: words[phase](),
    state: index < at ? 'done' : index === at ? 'now' : 'later',
  }));
}
