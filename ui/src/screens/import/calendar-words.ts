// When exports came and when the next is due, in words. Pure; drawn by `Exports.svelte`, and told on the first screen by
// `home/needs.ts`.

import type { ExportCalendar } from '$lib/backend';
import * as format from '$lib/format';
import { m } from '$lib/texts';

export interface CalendarWords {
  title: string;
  texts: string[];
  /** Something is to be done by the person. */
  attention: boolean;
}

/** What the calendar tells; `null` while no export has come. */
export function calendarWords(calendar: ExportCalendar, now: Date): CalendarWords | null {
  if (calendar.last === null) return null;
  const texts: string[] = [m.inbox_calendar_last({ date: format.day(calendar.last) })];
  if (calendar.series) texts.push(m.inbox_calendar_of_series({ count: format.number(calendar.of_series) }));
  const due = dueWords(calendar, now);
  if (due && calendar.notice !== 'year-ended') texts.push(due);
  const ends = calendar.year_ends === null ? '' : format.day(calendar.year_ends);
  switch (calendar.notice) {
    case 'overdue':
      texts.push(m.inbox_calendar_overdue_text());
      // Who may have wanted a single export is not told that something is wrong.
      if (!calendar.series) break;
      return { title: m.inbox_calendar_overdue(), texts, attention: true };
    case 'year-ends-soon':
      texts.push(m.inbox_calendar_year_soon_text({ date: ends }));
      return { title: m.inbox_calendar_year_soon(), texts, attention: false };
    case 'year-ended':
      texts.push(m.inbox_calendar_year_ended_text({ date: ends }));
      return { title: m.inbox_calendar_year_ended(), texts, attention: true };
    default:
      if (ends) texts.push(m.inbox_calendar_year_ends({ date: ends }));
  }
  return { title: m.inbox_calendar_title(), texts, attention: false };
}

function dueWords({ next_due, series }: ExportCalendar, now: Date): string | null {
  if (next_due === null) return null;
  const date = format.day(next_due);
  const past = Date.parse(next_due) < now.getTime();
  if (series) return past ? m.inbox_calendar_was_due({ date }) : m.inbox_calendar_next({ date });
  return past ? m.inbox_calendar_was_due_if({ date }) : m.inbox_calendar_next_if({ date });
}
