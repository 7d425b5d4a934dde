// @ts-check
// What becomes of messages when they are told anew: pure functions on message values.

import { withMine } from './posts.js';
/** @import { Me, Message } from '../types.js' */

/**
 * Adds to a message from the socket, which is the same for everyone, what only concerns us.
 *
 * @param {any} told
 * @param {Message | undefined} known
 * @param {Me | null} me
 * @param {ReadonlySet<string>} mine our emoji on it
 * @returns {Message}
 */
export function personalMessage(told, known, me, mine) {
  if (told.deleted) return told;
  const own = told.author.id === me?.id;
  const clientId = told.client_id ?? (known && !known.deleted ? known.client_id : null);
  return { ...told, client_id: clientId, reactions: withMine(told.reactions, mine), may: told.may ?? { edit: own, delete: own } };
}

/**
 * `messages` with `more`, by place; of two tellings of one message the newer stands.
 *
 * @param {readonly Message[]} messages
 * @param {readonly Message[]} more
 * @returns {Message[]}
 */
export function mergedMessages(messages, more) {
  const last = messages.at(-1)?.seq ?? -1;
  // What is new at the end, as mostly, needs no sorting.
  if (more.every((message, at) => message.seq > (at > 0 ? more[at - 1].seq : last))) return [...messages, ...more];
  const all = new Map(messages.map((message) => [message.id, message]));
  for (const message of more) {
    const known = all.get(message.id);
    if (message.version >= (known?.version ?? 0)) all.set(message.id, withClientId(message, known));
  }
  return [...all.values()].sort((a, b) => a.seq - b.seq);
}

/** The name of the send is told to its author once; the row that stood for it stays the same row. @param {Message} message @param {Message | undefined} known @returns {Message} */
function withClientId(message, known) {
  if (message.deleted || !known || known.deleted || message.client_id) return message;
  return { ...message, client_id: known.client_id };
}
