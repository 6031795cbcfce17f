// What became of files that were dropped and cannot be taken, until the person has chosen others.

export type DropTrouble = 'none' | 'busy' | 'browser';

class Dropping {
  /** Why they cannot be taken. */
  trouble = $state<DropTrouble | null>(null);
}

export const dropping = new Dropping();
