/** Times as the watch writes and reads them. Milliseconds since 1970 in UTC; `now` is always an argument. */

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The date-time group: `212231Z NOV 26`. */
export function dtg(ms: number): string {
  const at = new Date(ms);
  const month = MONTHS[at.getUTCMonth()] ?? "";
  return `${two(at.getUTCDate())}${clock(ms)} ${month} ${two(at.getUTCFullYear() % 100)}`;
}

/** Hour and minute of the day: `2231Z`. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getUTCHours())}${two(at.getUTCMinutes())}Z`;
}

/** The same moment on the wall of this desk: `00:31`. */
export function local(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A span in the largest two units that say it: `14 s`, `29 min`, `2 h 5 min`. */
export function span(ms: number): string {
  const all = Math.max(ms, 0);
  if (all < MINUTE_MS) return `${Math.floor(all / 1000)} s`;
  if (all < HOUR_MS) return `${Math.floor(all / MINUTE_MS)} min`;
  if (all < DAY_MS) return `${Math.floor(all / HOUR_MS)} h ${Math.floor((all % HOUR_MS) / MINUTE_MS)} min`;
  return `${Math.floor(all / DAY_MS)} d ${Math.floor((all % DAY_MS) / HOUR_MS)} h`;
}

/** The next moment after `now` that `text` names (`2300Z`, `212300Z`, `212300Z NOV 26`, `+30m`), or null. */
export function readDeadline(text: string, now: number): number | null {
  const asked = text.trim().toUpperCase();
  const after = /^\+(?:(\d{1,3})D)?(?:(\d{1,4})H)?(?:(\d{1,5})M)?$/.exec(asked);
  if (after) {
    const ms = num(after[1]) * DAY_MS + num(after[2]) * HOUR_MS + num(after[3]) * MINUTE_MS;
    return ms > 0 ? now + ms : null;
  }
  const ofDay = /^(\d\d)(\d\d)Z$/.exec(asked);
  if (ofDay) {
    const today = new Date(now);
    const at = (day: number) =>
      moment(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + day, ofDay[1], ofDay[2]);
    return firstAfter(now, [at(0), at(1)]);
  }
  const ofMonth = /^(\d\d)(\d\d)(\d\d)Z(?:\s*([A-Z]{3})\s*(\d\d))?$/.exec(asked);
  return ofMonth ? dayOfMonth(ofMonth, now) : null;
}

function dayOfMonth(match: RegExpExecArray, now: number): number | null {
  const day = num(match[1]);
  const on = (year: number, month: number) => {
    const found = moment(year, month, day, match[2], match[3]);
    return found !== null && new Date(found).getUTCDate() === day ? found : null;
  };
  if (match[4]) {
    const month = MONTHS.indexOf(match[4]);
    return month < 0 ? null : firstAfter(now, [on(2000 + num(match[5]), month)]);
  }
  const today = new Date(now);
  const later = Array.from({ length: 13 }, (_, n) => on(today.getUTCFullYear(), today.getUTCMonth() + n));
  return firstAfter(now, later);
}

function moment(year: number, month: number, day: number, hour = "", minute = ""): number | null {
  return num(hour) > 23 || num(minute) > 59 || day < 1 ? null : Date.UTC(year, month, day, num(hour), num(minute));
}

function firstAfter(now: number, moments: (number | null)[]): number | null {
  return moments.find((at) => at !== null && at > now) ?? null;
}

function num(digits: string | undefined): number {
  return digits ? Number.parseInt(digits, 10) : 0;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
