// @ts-check
// Finding words in a conversation.

import { MessageSearch } from '../stores/MessageSearch.js';
import { openDialog } from './Dialog.js';
import { FoundMessages } from './FoundMessages.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */

/** @param {Scope} scope @param {App} app @param {ConversationStore} store */
export function openSearch(scope, app, store) {
  openDialog(scope, 'Search this conversation', (inner, close) => {
    const { h } = inner;
    const search = new MessageSearch((options) => app.api.messages.search(store.id, options));
    inner.onEnd(() => search.end());
    const field = h('input', {
      class: 'input', type: 'search', autofocus: true, 'aria-label': 'Words to find', placeholder: 'Words', autocomplete: 'off',
      oninput: () => search.look(field.value),
    });
    return h('div', { class: 'chat-sheet' }, field,
      h('p', { class: 'quiet', role: 'status' }, search.state$.map((state) => (state === 'nothing' ? 'Nothing was found.' : ''))),
      FoundMessages(inner, app, search, { onOpen: close }));
  });
}
