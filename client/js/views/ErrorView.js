// @ts-check
// A page that could not come: what happened, that nothing was lost, and the next step.

import { icon } from '../components/icons.js';
/** @import { Scope } from '../utils/dom.js' */

export const view = {
  title: () => 'This page did not load',
  /** @param {{error: any, retry: () => void}} what @param {Scope} scope */
  render({ error, retry }, scope) {
    const { h } = scope;
    const { title, words } = tell(error);
    return h('div', { class: 'empty', role: 'alert' },
      icon('alert'),
      h('h1', {}, title),
      h('p', {}, words),
      error?.requestId && h('p', {}, 'If you tell somebody about it, give this number: ', h('code', {}, error.requestId)),
      h('button', { class: 'button primary', type: 'button', onclick: retry }, 'Try again'));
  },
};

/** @param {any} error */
function tell(error) {
  if (error?.status === 0) {
    return { title: error.code === 'offline' ? 'You are offline' : 'The server did not answer', words: 'Nothing is lost: drafts and unsent posts are kept in this browser. Try again when the network is back.' };
  }
  if (error?.status === 429) {
    return { title: 'A little too fast', words: `${error.message} ${error.retryAfter ? `Wait ${error.retryAfter} seconds.` : ''}` };
  }
  if (error?.status >= 500) return { title: 'The server could not make this page', words: `${error.message} The fault is ours, and nothing of yours is lost.` };
  if (error?.status) return { title: 'This page did not load', words: error.message };
  return { title: 'This page broke while being drawn', words: 'That is a fault in this program. Nothing of yours is lost; reloading often helps.' };
}
