// @ts-check
// What one may do with a message, as a menu.

import { copyText } from './copyText.js';
/** @import { App } from '../app.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */
/** @import { LivingMessage } from '../types.js' */
/** @import { MessageActs } from './Message.js' */

/** @param {LivingMessage} message @param {App} app @param {ConversationStore} store @param {MessageActs} acts @param {() => void} react */
export function messageMenu(message, app, store, acts, react) {
  const address = new URL(message.url, location.href).href;
  return [
    { icon: 'smile', words: 'React', run: react },
    acts.mayWrite$.get() && { icon: 'reply', words: 'Reply', run: () => acts.reply(message) },
    { icon: 'copy', words: 'Copy the words', run: () => copyWords(message, app) },
    { icon: 'link', words: 'Copy link', run: () => copyText(app, address, 'Link copied', () => app.notices.say(`The link is ${address}`)) },
    message.may.edit && { icon: 'pencil', words: 'Edit', run: () => acts.edit(message) },
    message.may.delete && { icon: 'trash', words: 'Delete', danger: true, run: () => store.remove(message) },
  ].filter((item) => item !== false);
}

/** As they were written, with their Markdown. @param {LivingMessage} message @param {App} app */
async function copyWords({ id, excerpt }, app) {
  const body = await app.api.messages.get(id).then((source) => source.body, () => excerpt);
  await copyText(app, body);
}
