// @ts-check
// How the posts of a thread are cut into pages, as the server cuts them.

const POSTS = 20;

/** The page on which a position stands. @param {number} position */
export function pageOf(position) {
  return Math.floor((Math.max(position, 1) - 1) / POSTS) + 1;
}
