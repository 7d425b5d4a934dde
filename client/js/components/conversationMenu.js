// @ts-check
// What one may do with a conversation, as a menu.

import { alerts, chooseAlerts } from '../utils/alerts.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */

/** @param {Scope} scope @param {App} app @param {ConversationStore} store @param {(at: string) => Promise<void>} goToDate */
export function conversationMenu(scope, app, store, goToDate) {
  const conversation = store.conversation$.get();
  const { id, kind, with: other, muted, blocked, may } = conversation;
  const { api, conversations, notices } = app;
  const act = async (/** @type {() => Promise<unknown>} */ run) => {
    try {
      await run();
      await store.refresh();
    } catch (error) {
      notices.say(/** @type {any} */ (error).message, { kind: 'error' });
    }
  };
  const leave = async () => {
    try {
      await api.messages.removeMember(id, app.session.me$.get()?.nickname ?? '');
      conversations.left(id);
      await app.router.go('/chat', { replace: true });
    } catch (error) {
      const last = /** @type {any} */ (error).code === 'last_owner';
      notices.say(last ? 'Hand the group over to somebody else first: you are its only owner.' : /** @type {any} */ (error).message, { kind: 'error' });
    }
  };
  const toggle = (/** @type {'sound' | 'desktop'} */ what) => void chooseAlerts(what, !alerts()[what]).then((on) => notices.say(ALERTS[what][on ? 0 : 1]));
  return [
    { icon: 'search', words: 'Search', run: async () => (await import('./ConversationSearch.js')).openSearch(scope, app, store) },
    { icon: 'history', words: 'Go to a date', run: async () => (await import('./DateJump.js')).openDateJump(scope, conversation, goToDate) },
    kind === 'group' && { icon: 'users', words: 'Members', run: async () => (await import('./Members.js')).openMembers(scope, app, store) },
    { icon: muted ? 'bell' : 'bell-off', words: muted ? 'Unmute' : 'Mute', run: () => act(() => api.messages.mute(id, !muted)) },
    { icon: 'volume', words: alerts().sound ? 'No sound for new messages' : 'Sound for new messages', run: () => toggle('sound') },
    { icon: 'bell', words: alerts().desktop ? 'No desktop notifications' : 'Desktop notifications', run: () => toggle('desktop') },
    kind === 'direct' && other && { icon: 'user', words: 'Profile', run: () => void app.router.go(other.url) },
    kind === 'direct' && other && { icon: 'lock', words: blocked ? `Unblock ${other.nickname}` : `Block ${other.nickname}`, danger: !blocked, run: () => act(() => api.messages.block(other.nickname, !blocked)) },
    kind === 'group' && may.leave && { icon: 'log-out', words: 'Leave', danger: true, run: () => void leave() },
  ].filter((item) => item !== false && item !== null);
}

const ALERTS = {
  sound: ['New messages are heard from now on', 'New messages make no sound'],
  desktop: ['New messages are announced on your desktop', 'New messages are not announced on your desktop'],
};
