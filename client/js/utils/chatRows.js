// @ts-check
// A conversation as rows: days, the line above what is new, and messages that go together.

/** @import { OutboxItem } from '../outbox/Outbox.js' */
/** @import { LivingMessage, Message, Person } from '../types.js' */

/** Messages of one person closer than this stand together, ms. */
const TOGETHER_MS = 5 * 60_000;
/** Days nearer than this are told by their names, ms: a week before there was one of the same name. */
const WEEK_MS = 6 * 86_400_000;

/** @typedef {'sent' | 'read' | null} Reached `null`: not ours */
/**
 * @typedef {{key: string, kind: 'start'}} Start
 * @typedef {{key: string, kind: 'day', at: string}} Day
 * @typedef {{key: string, kind: 'unread'}} UnreadLine
 * @typedef {{key: string, kind: 'message', message: Message, first: boolean, mine: boolean, reached: Reached, readers: readonly Person[], last: boolean}} Said `first` of a group; `last` of ours that others see
 * @typedef {{key: string, kind: 'pending', item: OutboxItem, first: boolean}} Pending
 * @typedef {Start | Day | UnreadLine | Said | Pending} Row
 */

/**
 * @typedef {object} Seen
 * @property {readonly Message[]} messages the oldest first
 * @property {readonly OutboxItem[]} pending
 * @property {string} me one's id
 * @property {number | null} firstUnread
 * @property {ReadonlyMap<string, number>} reads how far others have read
 * @property {readonly Person[]} people who they are
 * @property {boolean} atStart whether the first message is the first of all
 */

/** @param {Seen} seen @returns {Row[]} */
export function chatRows({ messages, pending, me, firstUnread, reads, people, atStart }) {
  /** @type {Row[]} */
  const rows = atStart ? [{ key: 'start', kind: 'start' }] : [];
  const readers = readersBySeq(messages, reads, people, me);
  const readUpTo = Math.max(0, ...[...reads].filter(([id]) => id !== me).map(([, seq]) => seq));
  // Above what is loaded there may be more that is new.
  const newFrom = firstUnread !== null && (atStart || (messages[0]?.seq ?? 0) <= firstUnread) ? firstUnread : Infinity;
  const lastOwn = messages.findLast((message) => message.author.id === me && !message.deleted);
  /** @type {Message | null} */
  let before = null;
  let unreadShown = /** @type {boolean} */ (false);
  for (const message of messages) {
    const day = dayOf(message);
    const newDay = !before || dayOf(before) !== day;
    if (newDay) rows.push({ key: `day:${day}`, kind: 'day', at: message.created_at });
    /** @type {boolean} */
    const newHere = !unreadShown && message.seq >= newFrom && message.author.id !== me;
    if (newHere) rows.push({ key: 'unread', kind: 'unread' });
    unreadShown = unreadShown || newHere;
    const mine = message.author.id === me;
    rows.push({
      key: keyOf(message), kind: 'message', message, mine, last: message === lastOwn, readers: readers.get(message.seq) ?? [],
      first: newDay || newHere || !together(/** @type {Message} */ (before), message), reached: !mine ? null : message.seq <= readUpTo ? 'read' : 'sent',
    });
    before = message;
  }
  // What arrived may be read before the answer to its send: it is there once.
  const arrived = new Set(messages.map(keyOf));
  pending.filter((item) => !arrived.has(item.client_id)).forEach((item, at) => {
    rows.push({ key: item.client_id, kind: 'pending', item, first: at === 0 && before?.author.id !== me });
  });
  return rows;
}

/** One's own keeps the row in which it waited to be sent. @param {Message} message */
export function keyOf(message) {
  return (!message.deleted && message.client_id) || message.id;
}

/** @type {WeakMap<Message, string>} */
const days = new WeakMap();

/** The day where the reader is. @param {Message} message */
function dayOf(message) {
  let day = days.get(message);
  if (day === undefined) {
    const at = new Date(message.created_at);
    day = `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
    days.set(message, day);
  }
  return day;
}

/** @param {Message} before @param {Message} message */
function together(before, message) {
  return before.author.id === message.author.id && !before.deleted && Date.parse(message.created_at) - Date.parse(before.created_at) < TOGETHER_MS;
}

/** Each other reader beside the last message they have read. @param {readonly Message[]} messages @param {ReadonlyMap<string, number>} reads @param {readonly Person[]} people @param {string} me */
function readersBySeq(messages, reads, people, me) {
  /** @type {Map<number, Person[]>} */
  const all = new Map();
  for (const person of people) {
    const seq = reads.get(person.id);
    if (seq === undefined || person.id === me) continue;
    const last = messages.findLast((message) => message.seq <= seq);
    if (last) all.set(last.seq, [...(all.get(last.seq) ?? []), person]);
  }
  return all;
}

/** The last message of ours that may be edited. @param {readonly Message[]} messages @param {string} me @returns {LivingMessage | undefined} */
export function lastEditable(messages, me) {
  return /** @type {LivingMessage | undefined} */ (messages.findLast((message) => message.author.id === me && !message.deleted && message.may.edit));
}

/**
 * `Today`, `Yesterday`, `Friday, 20 November`, and the year where it is another.
 *
 * @param {string} iso
 * @param {number} now ms
 */
export function dayWords(iso, now) {
  const at = new Date(iso);
  const midnight = (/** @type {Date} */ day) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const past = Math.round((midnight(new Date(now)) - midnight(at)) / 86_400_000);
  if (past === 0) return 'Today';
  if (past === 1) return 'Yesterday';
  const year = at.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  const words = (/** @type {Intl.DateTimeFormatOptions} */ options) => new Intl.DateTimeFormat('en-GB', options).format(at);
  return `${words({ weekday: 'long' })}, ${words({ day: 'numeric', month: 'long', year })}`;
}

/**
 * `14:05` today, then `yesterday`, `Friday`, `12 November`.
 *
 * @param {string} iso
 * @param {number} now ms
 */
export function sinceWords(iso, now) {
  const day = dayWords(iso, now);
  if (day === 'Today') return clockTime(iso);
  if (day === 'Yesterday') return 'yesterday';
  const [weekday, date] = day.split(', ');
  return now - Date.parse(iso) < WEEK_MS ? weekday : date;
}

/** `14:05`. @param {string} iso */
export function clockTime(iso) {
  const at = new Date(iso);
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}
