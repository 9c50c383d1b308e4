/**
 * Instants and durations as people read them: in the reader's zone, which is always named.
 *
 * The API speaks RFC 3339 in UTC; nothing but this module turns that into words.
 */

const LOCALE = 'en-GB';

/** The reader's zone, such as `Europe/Berlin`. */
export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `25 Nov 2026, 14:05`. For places whose zone is named once nearby, such as a table. */
export function formatTime(instant: string, zone: string = localZone()): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(new Date(instant));
}

/** `25 Nov 2026, 14:05:09 CET`. For places that stand alone. */
export function formatTimeInFull(instant: string, zone: string = localZone()): string {
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  }).format(new Date(instant));
}

/** `14:05`. For "data as of" and "paused since", which are about today. */
export function formatClock(instant: string, zone: string = localZone()): string {
  return new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(instant));
}

/** `14:05` for an instant of the same day as `now`, else `24 Nov 2026, 14:05`. */
export function formatRecent(instant: string, now: Date, zone: string = localZone()): string {
  const day = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'short', timeZone: zone });
  return day.format(new Date(instant)) === day.format(now) ? formatClock(instant, zone) : formatTime(instant, zone);
}

/** Whole seconds between two instants; negative when the second is earlier. */
export const secondsBetween = (from: string, to: string | Date): number =>
  Math.round((new Date(to).getTime() - new Date(from).getTime()) / 1000);

/** `12 s`, `3 min 05 s`, `2 h 04 min`, `3 d 2 h`: the two largest units. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  const padded = (value: number): string => String(value).padStart(2, '0');
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${padded(minutes)} min`;
  if (minutes > 0) return `${minutes} min ${padded(whole % 60)} s`;
  return `${whole} s`;
}
