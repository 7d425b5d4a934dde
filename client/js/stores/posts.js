// @ts-check
// What becomes of posts when they are told anew: pure functions on post values.

/** @import { LivingPost, Me, Post, Reaction } from '../types.js' */

/**
 * @typedef {Omit<Reaction, 'mine'>} Tally what everyone may know of a reaction
 * @typedef {{me: Me | null, moderates: boolean, reacts: boolean}} Rights in the place of the posts
 * @typedef {{mine: ReadonlySet<string>, wasMine: boolean}} Before what we knew of the post: our emoji on it, whether we wrote it
 */

/**
 * Adds to a post from the socket, which is the same for everyone, what only concerns us.
 *
 * @param {any} told
 * @param {Before} before
 * @param {Rights} rights
 * @returns {Post}
 */
export function personal(told, { mine, wasMine }, { me, moderates, reacts }) {
  if (told.deleted) return { ...told, may: { restore: moderates || (told.by_author && wasMine) } };
  const own = me !== null && told.author.id === me.id;
  return {
    ...told,
    reactions: withMine(told.reactions, mine),
    may: { edit: own || moderates, delete: own || moderates, react: reacts },
  };
}

/** @param {readonly Tally[]} tallies @param {ReadonlySet<string>} mine @returns {Reaction[]} */
export function withMine(tallies, mine) {
  return tallies.map(({ emoji, count }) => ({ emoji, count, mine: mine.has(emoji) }));
}

/** Our own reaction at once, before the server has heard of it. @param {readonly Reaction[]} reactions @param {string} emoji @param {boolean} on @returns {Reaction[]} */
export function toggled(reactions, emoji, on) {
  const there = reactions.find((reaction) => reaction.emoji === emoji);
  if (!there) return on ? [...reactions, { emoji, count: 1, mine: true }] : [...reactions];
  if (there.mine === on) return [...reactions];
  const changed = { emoji, count: there.count + (on ? 1 : -1), mine: on };
  return reactions.map((reaction) => (reaction === there ? changed : reaction)).filter(({ count }) => count > 0);
}

/** @param {LivingPost} post @returns {Set<string>} */
export function ownReactions(post) {
  return new Set(post.reactions.filter(({ mine }) => mine).map(({ emoji }) => emoji));
}

/**
 * `posts` with `more`, by position; of two tellings of one post the newer stands.
 *
 * @param {readonly Post[]} posts
 * @param {readonly Post[]} more
 * @returns {Post[]}
 */
export function merged(posts, more) {
  const all = new Map(posts.map((post) => [post.id, post]));
  for (const post of more) if (post.version >= (all.get(post.id)?.version ?? 0)) all.set(post.id, post);
  return [...all.values()].sort((a, b) => a.position - b.position);
}
