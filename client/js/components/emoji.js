// @ts-check
// The emoji that are offered, with the names one may type after a colon.

/** @type {readonly [emoji: string, names: string][]} */
export const EMOJI = [
  ['👍', 'thumbsup +1 yes'], ['❤️', 'heart love'], ['😄', 'smile happy'], ['🎉', 'tada party'], ['😂', 'joy laugh'],
  ['🤔', 'thinking hmm'], ['👀', 'eyes look'], ['🙏', 'pray thanks'], ['🔥', 'fire hot'], ['🚀', 'rocket ship'],
  ['💯', 'hundred 100'], ['✅', 'check done'], ['👎', 'thumbsdown -1 no'], ['👏', 'clap bravo'], ['😮', 'open_mouth wow'],
  ['😢', 'cry sad'], ['😅', 'sweat_smile phew'], ['😉', 'wink'], ['😍', 'heart_eyes'], ['😎', 'sunglasses cool'],
  ['🙂', 'slight_smile'], ['😡', 'rage angry'], ['🤯', 'exploding_head'], ['🥳', 'partying'], ['🤝', 'handshake deal'],
  ['💪', 'muscle strong'], ['👋', 'wave hello bye'], ['✨', 'sparkles'], ['💡', 'bulb idea'], ['🐛', 'bug'],
  ['🛠️', 'tools fix'], ['📌', 'pushpin'], ['⚠️', 'warning'], ['❓', 'question'], ['❌', 'cross x'],
  ['⭐', 'star'], ['☕', 'coffee'], ['🍻', 'beers cheers'], ['🎮', 'game'], ['🐈', 'cat'],
];

/** @param {string} words what was typed @returns {readonly [string, string][]} */
export function findEmoji(words) {
  const wanted = words.trim().toLowerCase();
  return EMOJI.filter(([, names]) => names.split(' ').some((name) => name.startsWith(wanted)));
}
