// The log of a run in words. Pure; drawn by `RunLog.svelte`.

import type { LogEvent, LogStep, WaitReason } from '$lib/backend';
import type { IconName } from '$lib/components';
import * as format from '$lib/format';
import { type Sentences, say } from '$lib/sentences';
import { m } from '$lib/texts';
import { phaseWord } from '../../shell/run-words';
import { kindWords } from './past-run';

export interface LogWords {
  icon: IconName;
  words: string;
  /** More of it: counts, a reason. */
  more: string[];
  attention: boolean;
}

const waits: Record<WaitReason, () => string> = {
  network: m.activity_log_waited_network,
  throttled: m.activity_log_waited_throttled,
  'daily-quota': m.activity_log_waited_daily_quota,
};

const number = (count: number) => ({ count: format.number(count) });

/** What a step says. */
export function logWords({ event }: LogStep, sentences: Sentences | undefined): LogWords {
  const plain = (icon: IconName, words: string, more: string[] = [], attention = false): LogWords => ({
    icon,
    words,
    more,
    attention,
  });
  switch (event.what) {
    case 'began':
      return plain('play', m.activity_log_began(), [kindWords(event.kind)]);
    case 'phase':
      return plain('chevron-right', phaseWord(event.phase), phaseNumbers(event));
    case 'planned':
      return plain('info', m.activity_log_planned(number(event.to_fetch)), [
        ...(event.retried > 0 ? [m.activity_log_retried(number(event.retried))] : []),
        ...(event.restored > 0 ? [m.activity_log_restored(number(event.restored))] : []),
      ]);
    case 'waited':
      return plain('clock', waits[event.reason]());
    case 'paused':
      return plain('pause', m.activity_log_paused());
    case 'failed':
      return plain('warning', m.activity_log_failed({ title: event.title }), [say(event.message, sentences)], true);
    case 'noted':
      return plain('info', say(event.text, sentences));
    case 'stopping':
      return plain('stop', m.activity_log_stopping());
    case 'ended':
      return plain('check', m.activity_log_ended());
    case 'broke':
      return plain('stop', m.activity_log_broke(), [say(event.message, sentences)], event.code !== 'cancelled');
  }
}

function phaseNumbers(event: Extract<LogEvent, { what: 'phase' }>): string[] {
  return [
    ...(event.done > 0 ? [m.activity_log_done(number(event.done))] : []),
    ...(event.bytes > 0 ? [format.bytes(event.bytes)] : []),
    ...(event.failed > 0 ? [m.activity_log_failures(number(event.failed))] : []),
  ];
}

/** How long a step lasted, in words; `null` for moments and for what took less than a second. */
export function logLength({ at, until }: LogStep): string | null {
  if (until === null) return null;
  const seconds = (Date.parse(until) - Date.parse(at)) / 1000;
  return seconds >= 1 ? format.duration(seconds) : null;
}
