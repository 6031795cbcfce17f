// Reads a date that a person typed to go to: a year, a month or a day, in the ways that English and German write them.

export interface WantedDate {
  year: number;
  /** From 1. */
  month: number | null;
  day: number | null;
}

/** `names` are the twelve names of months in the language in use. `null` for what is no date. */
export function parseDate(text: string, names: string[]): WantedDate | null {
  const words = text.trim().toLocaleLowerCase();
  // 2019-05-14, 2019/5, 2019
  const byYear = /^(\d{4})(?:[-/.\s](\d{1,2})(?:[-/.\s](\d{1,2}))?)?$/.exec(words);
  if (byYear) return checked(byYear[1], byYear[2], byYear[3]);
  // 14.5.2019, 14/05/2019, 5/2019
  const byDay = /^(?:(\d{1,2})[./\s]\s*)?(\d{1,2})[./\s]\s*(\d{4})$/.exec(words);
  if (byDay) return checked(byDay[3], byDay[2], byDay[1]);
  // May 2019, 14 May 2019, 14. Mai 2019, May 14, 2019
  const year = /\b(\d{4})\b/.exec(words)?.[1];
  const word = /\p{L}{3,}/u.exec(words)?.[0];
  if (!year || !word) return null;
  const month = names.findIndex((name) => name.toLocaleLowerCase().startsWith(word));
  const day = /(?:^|\D)(\d{1,2})(?!\d)/.exec(words.replace(year, ''))?.[1];
  return month < 0 ? null : checked(year, String(month + 1), day);
}

function checked(year?: string, month?: string, day?: string): WantedDate | null {
  const date = { year: Number(year), month: month ? Number(month) : null, day: day ? Number(day) : null };
  if (date.year < 1 || (date.month !== null && (date.month < 1 || date.month > 12))) return null;
  if (date.day !== null && date.month !== null) {
    const made = new Date(Date.UTC(date.year, date.month - 1, date.day));
    if (made.getUTCMonth() !== date.month - 1 || date.day < 1) return null;
  }
  return date;
}
