// @ts-check
// Numbers and times as words. Pure; the server's pages write the same (app/src/server/pages/words.rs).

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
/** A silence in a thread that is worth a line. */
const SILENCE = 60 * DAY;

/** `1,234`. @param {number} number */
export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `999`, `1.2k`, `34k`. @param {number} number */
export function short(number) {
  if (number < 1000) return String(number);
  return number < 10_000 ? `${Math.floor(number / 100) / 10}k` : `${Math.floor(number / 1000)}k`;
}

/** `1 reply`, `12 replies`. @param {number} number @param {string} one @param {string} [many] */
export function count(number, one, many = `${one}s`) {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** `20 Nov 2026`, in UTC: what stands in the first page. @param {string} iso */
export function utcDate(iso) {
  const day = new Date(iso);
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
}

/**
 * `now`, `5 min`, `3 h`, `6 d`, then the date: near times by distance, far ones by name.
 *
 * @param {string} iso
 * @param {number} now ms
 */
export function ago(iso, now) {
  const then = new Date(iso);
  const passed = now - then.getTime();
  if (passed < MINUTE) return 'now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h`;
  if (passed < 7 * DAY) return `${Math.floor(passed / DAY)} d`;
  const day = `${then.getDate()} ${MONTHS[then.getMonth()]}`;
  return then.getFullYear() === new Date(now).getFullYear() ? day : `${day} ${then.getFullYear()}`;
}

/** The exact moment where the reader is: `Friday, 20 November 2026 at 14:05`. @param {string} iso */
export function exact(iso) {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' }).format(new Date(iso));
}

/**
 * `3 months later` where a thread was silent for long, or `null`.
 *
 * @param {string} before
 * @param {string} after
 */
export function silence(before, after) {
  const passed = Date.parse(after) - Date.parse(before);
  if (!(passed >= SILENCE)) return null;
  const years = Math.floor(passed / YEAR);
  return years > 0 ? `${count(years, 'year')} later` : `${count(Math.floor(passed / (30 * DAY)), 'month')} later`;
}


/** One text behind another as a paragraph of its own. @param {string} before @param {string} text */
export function joined(before, text) {
  return before.trim() === '' ? text : `${before.trimEnd()}\n\n${text}`;
}

/** What keeps words from being sent; nothing when they are just going. @param {import('../outbox/Outbox.js').Line} line */
export function holdup(line) {
  if (line === 'offline') return 'Waiting for the network';
  if (line === 'signed-out') return 'Waiting until you sign in';
  return line === 'later' ? 'Waiting as long as the server asks between posts' : '';
}
