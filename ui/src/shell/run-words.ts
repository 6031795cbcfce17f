// A run in words: for the strip at the bottom and whoever else speaks of it.

import type { Phase, RunKind, RunState } from '$lib/backend';
import * as format from '$lib/format';
import type { ScreenName } from '$lib/router.svelte';
import { m } from '$lib/texts';

const phases: Record<Phase, () => string> = {
  recovering: m.common_phase_recovering,
  listing: m.common_phase_listing,
  'listing-albums': m.common_phase_listing_albums,
  planning: m.common_phase_planning,
  fetching: m.common_phase_fetching,
  comparing: m.common_phase_comparing,
  uploading: m.common_phase_uploading,
  adopting: m.common_phase_adopting,
  linking: m.common_phase_linking,
  verifying: m.common_phase_verifying,
  finishing: m.common_phase_finishing,
};

/** An import asks nobody and fetches nothing: it reads and copies. */
const importing: Partial<Record<Phase, () => string>> = {
  listing: m.import_phase_listing,
  fetching: m.import_phase_fetching,
};

/** A comparison looks through a folder. */
const comparing: Partial<Record<Phase, () => string>> = {
  listing: m.compare_phase_listing,
  comparing: m.compare_phase_comparing,
};

/** What adding the files of a folder does. */
const adding: Partial<Record<Phase, () => string>> = {
  listing: m.compare_phase_listing,
  fetching: m.import_phase_fetching,
  comparing: m.compare_phase_comparing,
};

const ofKind: Partial<Record<RunKind, typeof importing>> = { import: importing, compare: comparing, add: adding };

/** The name of a phase of a run. */
export function phaseWord(phase: Phase, kind: RunKind | null = null): string {
  return ((kind && ofKind[kind]?.[phase]) || phases[phase])();
}

/** The screen that shows runs of a kind. */
export function screenOf(kind: RunKind | null): ScreenName {
  if (kind === 'import') return 'import';
  return kind === 'compare' || kind === 'add' || kind === 'upload' ? 'compare' : 'sync';
}

/** What the run is doing, waiting for, or has come to. */
export function runSentence(run: RunState): string {
  if (run.activity === 'ended') return ending(run);
  if (run.activity === 'stopping') return stopping(run.kind);
  if (run.activity === 'paused') return m.common_run_paused();
  if (run.wait) {
    const time = format.timeOfDay(run.wait.until);
    if (run.wait.reason === 'daily-quota') return m.common_run_waiting_quota({ time });
    if (run.wait.reason === 'network') return m.common_run_waiting_network({ time });
    return m.common_run_waiting_throttled({ time });
  }
  return run.phase ? phaseWord(run.phase, run.kind) : m.common_loading();
}

function stopping(kind: RunKind | null): string {
  if (kind === 'compare') return m.common_run_stopping_compare();
  return kind === 'upload' ? m.common_run_stopping_upload() : m.common_run_stopping();
}

function ending({ planning, error, receipt, kind }: RunState): string {
  if (kind === 'compare') return error ? m.common_run_ended_compare() : m.compare_ended();
  if (planning && !error) return kind === 'import' ? m.import_plan_ready() : m.common_run_plan_ready();
  if (error?.code === 'library-busy' && !receipt) return m.common_run_not_begun();
  if (brokenOff({ error, receipt }))
    return kind === 'upload' ? m.common_run_ended_upload_stopped() : m.common_run_ended_stopped();
  if (!receipt) return m.common_run_ended_ok();
  const failed = receipt.failed.reduce((sum, { count }) => sum + count, 0);
  if (kind === 'verify') {
    if (failed > 0) return m.sync_end_verify_found({ count: failed });
    return receipt.complete ? m.sync_end_verify_sound() : m.common_run_ended_ok();
  }
  if (failed > 0) return failedEnd(kind, failed);
  return receipt.complete && kind === 'sync' ? m.common_run_ended_done() : m.common_run_ended_ok();
}

function failedEnd(kind: RunKind | null, count: number): string {
  if (kind === 'import') return m.import_failed_title({ count });
  if (kind === 'add') return m.common_run_ended_add_failed({ count });
  return kind === 'upload' ? m.common_run_ended_upload_failed({ count }) : m.common_run_ended_failed({ count });
}

/** Whether it ended before its end: something came in the way, or the person stopped it. */
export function brokenOff({ error, receipt }: Pick<RunState, 'error' | 'receipt'>): boolean {
  return error !== null || typeof receipt?.outcome === 'object';
}

/** Whether its end wants a look: it broke off, or something failed or was found. */
export function endsAmiss({ error, receipt }: RunState): boolean {
  return (error !== null && error.code !== 'cancelled') || (receipt?.failed.length ?? 0) > 0;
}

/** How much, how fast, how long: what there is to say beside the count. */
export function runNumbers({ meter, phase, activity, wait }: RunState): string[] {
  // Only where something comes or is read do bytes say anything.
  if (!meter || !phase || !['fetching', 'verifying', 'comparing', 'uploading', 'adopting'].includes(phase)) return [];
  const still = activity !== 'running' || wait !== null;
  const parts = meter.bytes > 0 ? [format.bytes(meter.bytes)] : [];
  if (!still && meter.bytes_per_second > 0) parts.push(format.speed(meter.bytes_per_second));
  if (!still && meter.seconds_left !== null)
    parts.push(m.common_time_left({ time: format.duration(meter.seconds_left) }));
  return parts;
}

/** How far it is: `120 of 4,000`, or `120` while the whole is unknown. */
export function runCount({ meter }: RunState): string | null {
  if (!meter) return null;
  const done = format.number(meter.done);
  return meter.total === null ? done : m.common_of({ done, total: format.number(meter.total) });
}
