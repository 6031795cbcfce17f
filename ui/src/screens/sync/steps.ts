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
  comparing: m.import_step_comparing,
  uploading: m.sync_step_uploading,
  adopting: m.common_phase_adopting,
  linking: m.sync_step_linking,
  verifying: m.sync_step_verifying,
  finishing: m.sync_step_finishing,
};

const syncing: Phase[] = ['listing', 'listing-albums', 'planning', 'fetching', 'linking', 'finishing'];
const planning: Phase[] = ['listing', 'listing-albums', 'planning'];
/** What an import calls its steps. */
const importWords: Partial<typeof words> = {
  recovering: m.import_step_listing,
  listing: m.import_step_listing,
  'listing-albums': m.import_step_albums,
  fetching: m.import_step_fetching,
};
const importing: Phase[] = ['listing', 'planning', 'fetching', 'linking', 'finishing'];
const importPlanning: Phase[] = ['listing', 'planning'];
const adding: Phase[] = ['listing', 'planning', 'fetching', 'comparing', 'finishing'];
/** What adding the files of a folder calls its steps. */
const addingWords: Partial<typeof words> = { fetching: m.import_step_fetching };
const verifying: Phase[] = ['verifying', 'finishing'];
const adopting: Phase[] = ['planning', 'adopting', 'finishing'];
const uploading: Phase[] = ['uploading', 'finishing'];

/** The steps of the run; those before the one it is at are done. A phase may come twice (Google is asked again): then it is "now" again. */
export function steps(run: RunState): Step[] {
  const phases = phasesOf(run);
  // Tidying up after an interruption belongs to whatever comes first.
  const at = run.phase === null || run.phase === 'recovering' ? 0 : Math.max(0, phases.indexOf(run.phase));
  return phases.map((phase, index) => ({
    phase,
    text: ((run.kind === 'import' ? importWords : run.kind === 'add' ? addingWords : words)[phase] ?? words[phase])(),
    state: index < at ? 'done' : index === at ? 'now' : 'later',
  }));
}

function phasesOf({ kind, planning: only }: RunState): Phase[] {
  if (kind === 'verify') return verifying;
  if (kind === 'upload') return uploading;
  if (kind === 'adopt') return adopting;
  if (kind === 'import') return only ? importPlanning : importing;
  if (kind === 'add') return only ? importPlanning : adding;
  return only ? planning : syncing;
}
