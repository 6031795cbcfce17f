// Why a run waits and until when, in words that say that nothing is lost. Pure.

import type { Wait } from '$lib/backend';
import * as format from '$lib/format';
import { m } from '$lib/texts';

export function waitWords({ reason, until }: Wait, now: Date): { title: string; text: string } {
  const time = format.timeOfDay(until);
  switch (reason) {
    case 'throttled':
      return { title: m.sync_wait_throttled_title(), text: m.sync_wait_throttled_text({ time }) };
    case 'network':
      return { title: m.sync_wait_network_title(), text: m.sync_wait_network_text({ time }) };
    case 'daily-quota': {
      // The quota's day ends in California; here that may be tomorrow.
      const when =
        format.day(until) === format.day(now) ? m.sync_at({ time }) : m.sync_on({ moment: format.moment(until) });
      return { title: m.sync_wait_quota_title(), text: m.sync_wait_quota_text({ time: when }) };
    }
  }
}
