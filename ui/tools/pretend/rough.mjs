// Rough and rare states of the pretended library, for Home, Sync and Activity: what differs from the plain scenarios.
// plan-short plan-unknown plan-nothing listing verifying verified damaged stopped partial stale needs signed-out demo offline.

/** The run in such a scenario, or `undefined`. */
export function roughRun(scenario, { idle, running, plan, receipt, ago, fault }) {
  const planned = (changes) => ({
    ...idle,
    activity: 'ended',
    planning: true,
    kind: 'sync',
    started: ago(30),
    plan: { ...plan, ...changes },
  });
  const ended = (changes, more = {}) => ({
    ...idle,
    activity: 'ended',
    kind: changes.kind ?? 'sync',
    started: ago(1920),
    receipt: receipt(changes),
    ...more,
  });
  const meter = (phase, changes) => ({
    phase,
    done: 0,
    total: null,
    bytes: 0,
    bytes_per_second: 0,
    seconds_left: null,
    failed: 0,
    ...changes,
  });
  switch (scenario) {
    case 'plan-short':
      return planned({
        estimated_bytes: 480_000_000_000,
        absent: 12,
        restored: 3,
        notes: ['The disk may be too small for what is to come. The run stops safely when it is full.'],
      });
    case 'plan-unknown':
      return planned({ estimated_bytes: null, already: 0, updated: 0, retried: 0, removed_here: 0 });
    case 'plan-nothing':
      return planned({
        to_fetch: 0,
        photos: 0,
        videos: 0,
        retried: 0,
        updated: 0,
        already: 18432,
        estimated_bytes: 0,
        albums: { listed: 63, new: 0 },
      });
    case 'listing':
      return {
        ...running,
        phase: 'listing',
        plan: null,
        recent: [],
        failed: [],
        meter: meter('listing', { done: 7400 }),
      };
    case 'offline':
      return { ...running, wait: { reason: 'network', until: new Date(Date.now() + 40_000).toISOString() } };
    case 'verifying':
      return {
        ...running,
        kind: 'verify',
        phase: 'verifying',
        plan: null,
        recent: [],
        failed: [],
        meter: meter('verifying', {
          done: 8120,
          total: 18651,
          bytes: 42_000_000_000,
          bytes_per_second: 310_000_000,
          seconds_left: 175,
        }),
      };
    case 'verified':
      return ended({
        kind: 'verify',
        added: 0,
        added_bytes: 0,
        already: 18651,
        albums: 0,
        links_made: 0,
        links_removed: 0,
      });
    case 'damaged':
      return ended({
        kind: 'verify',
        outcome: 'some-failed',
        complete: false,
        already: 18647,
        failed: [
          { reason: 'damaged', count: 1 },
          { reason: 'missing', count: 3 },
        ],
      });
    case 'stopped':
      return ended(
        { outcome: { stopped: { code: 'target-full' } }, complete: false, added: 1240, added_bytes: 9_100_000_000 },
        {
          error: fault('target-full', 'The disk of the library is full.', 'Make space and go on.', { free: '0' }),
        },
      );
    case 'cancelled':
      return ended(
        { outcome: { stopped: { code: 'cancelled' } }, complete: false, added: 140, added_bytes: 910_000_000 },
        { error: fault('cancelled', 'Stopped.') },
      );
    case 'partial':
      return ended({
        complete: false,
        all_fetched: true,
        doubtful: 2,
        absent: 14,
        restored: 3,
        notes: [
          'The run before was cut off. Files that were just being stored and have been settled now: 1.',
          'Files that are no longer what was stored: 2, `photos/2019/05/IMG_1 (2).jpg` for example. They were left as they are; `photokeep verify` says more.',
        ],
      });
  }
}

/** What differs in the status. */
export function roughStatus(scenario, ago) {
  switch (scenario) {
    case 'stale':
      return { last_complete: ago(40 * 86400), last_run: ago(40 * 86400) };
    case 'first':
      return { health: 'new', last_complete: null, last_run: null, pending: 9000 };
    case 'needs':
      return {
        health: 'attention',
        last_complete: ago(12 * 86400),
        last_run_complete: false,
        pending: 46,
        failed: 23,
        damaged: 3,
        lost: 2,
        doubtful: 1,
        absent: 14,
        trash: 4,
      };
  }
  return {};
}
