// Whether what is to come fits on the disk, said before anything is fetched. Pure.

import type { Plan } from '$lib/backend';

export type Fit =
  /** Nothing is to come, or there is plenty of room. */
  | { kind: 'fits'; left: number | null }
  /** It fits, but an estimate that is a little wrong would not. */
  | { kind: 'tight'; left: number }
  | { kind: 'short'; missing: number }
  /** Sizes or the space are not known. */
  | { kind: 'unknown'; free: number | null };

/** An estimate from the sizes of what is kept may be this share wrong before anybody is told that it fits. */
const doubt = 0.15;

export function spaceFor({ to_fetch, restored, estimated_bytes, free_bytes }: Plan): Fit {
  if (to_fetch + restored === 0) return { kind: 'fits', left: free_bytes };
  if (estimated_bytes === null || free_bytes === null) return { kind: 'unknown', free: free_bytes };
  const left = free_bytes - estimated_bytes;
  if (left < 0) return { kind: 'short', missing: -left };
  return left < estimated_bytes * doubt ? { kind: 'tight', left } : { kind: 'fits', left };
}

/** Whether a run would change nothing on the disk. */
export function isIdle(plan: Plan): boolean {
  return plan.to_fetch + plan.restored + plan.retried + plan.updated + plan.albums.new === 0;
}
