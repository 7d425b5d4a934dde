// @ts-check
// A new message that nobody looks at is heard and announced on the desktop, by one tab, where that was asked for.

import { nameOf } from '../stores/ChatSide.js';
import { alerts } from '../utils/alerts.js';
/** @import { App } from '../app.js' */
/** @import { Conversation, LivingMessage } from '../types.js' */

/** So long one tab has the word, in ms: all others have heard of the message by then. */
const WORD_MS = 2000;
const SOUND_S = 0.25;

/** @param {App} app @param {LivingMessage} message @param {Conversation} conversation */
export function announce(app, message, conversation) {
  const here = document.visibilityState === 'visible' && document.hasFocus() && app.router.place$.get().url.pathname === conversation.url;
  if (here) return;
  const tell = () => {
    if (alerts().sound) ring();
    if (alerts().desktop) show(app, message, conversation);
  };
  if (!navigator.locks) return tell();
  void navigator.locks.request(`folkmoot.message.${message.id}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    tell();
    await new Promise((done) => setTimeout(done, WORD_MS));
  });
}

/** Two short notes; browsers let only a page sound that somebody has touched. */
function ring() {
  if (navigator.userActivation?.hasBeenActive === false) return;
  const audio = new AudioContext();
  const gain = new GainNode(audio, { gain: 0.08 });
  gain.connect(audio.destination);
  gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + SOUND_S);
  const tone = new OscillatorNode(audio, { frequency: 660 });
  tone.frequency.setValueAtTime(880, audio.currentTime + SOUND_S / 3);
  tone.connect(gain);
  tone.onended = () => void audio.close();
  tone.start();
  tone.stop(audio.currentTime + SOUND_S);
}

/** @param {App} app @param {LivingMessage} message @param {Conversation} conversation */
function show(app, { author, excerpt, id }, conversation) {
  const title = conversation.kind === 'group' ? `${author.nickname} in ${nameOf(conversation)}` : author.nickname;
  const notification = new Notification(title, { body: excerpt, tag: `message-${id}` });
  notification.onclick = () => {
    window.focus();
    notification.close();
    void app.router.go(conversation.url);
  };
}
