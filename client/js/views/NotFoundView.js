// @ts-check
// What is not here, or not for the one who asks: the two look the same.

import { icon } from '../components/icons.js';
/** @import { RoutedView } from '../router.js' */

/** @type {RoutedView<null>} */
export const view = {
  load: async () => null,
  title: () => 'Not found',
  render(_, scope) {
    const { h } = scope;
    return h('div', { class: 'empty' },
      icon('search'),
      h('h1', {}, 'There is nothing here'),
      h('p', {}, 'The address may be mistyped, the page may have been removed, or it may be open only to some people. If you have an account, signing in may help.'),
      h('a', { class: 'button', href: '/' }, 'Go home'));
  },
};
