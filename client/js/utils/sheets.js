// @ts-check
// Looks that come with what needs them; other pages do without.

/** Address → when it has come, or has not. @type {Map<string, Promise<unknown>>} */
const asked = new Map();

/** In the order in which they override each other. @param {readonly string[]} addresses @returns {Promise<unknown>} */
export function sheets(addresses) {
  return Promise.all(addresses.map((href) => {
    const there = [...document.querySelectorAll('link')].some((link) => link.rel === 'stylesheet' && link.href === href);
    const one = asked.get(href) ?? (there ? Promise.resolve() : link(href));
    asked.set(href, one);
    return one;
  }));
}

/** @param {string} href @returns {Promise<unknown>} */
function link(href) {
  return new Promise((resolve) => {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href, onload: resolve, onerror: resolve }));
  });
}
