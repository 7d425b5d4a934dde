// @ts-check
import './support/dom.js';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Composer } from '../js/components/Composer.js';
import { PendingPost } from '../js/components/PendingPost.js';
import { Drafts } from '../js/stores/Drafts.js';
import { Scope } from '../js/utils/dom.js';
import { observable } from '../js/utils/state.js';
import { me } from './support/things.js';
import { FakeStorage } from './support/storage.js';

/** @type {FakeStorage} */
let storage;
/** @type {string[]} */
let sent;
const line$ = observable(/** @type {any} */ ('clear'));
const app = /** @type {any} */ ({ session: { me$: observable(me('ada')) }, outbox: { line$ } });

beforeEach(() => {
  storage = new FakeStorage();
  sent = [];
  line$.set('clear');
});

/** @param {any} [more] */
function compose(more = {}) {
  const words$ = observable('Words');
  const draft = new Drafts(/** @type {any} */ (storage), () => 'ada').at('thread:7');
  const options = {
    words$, draft, label: 'Your reply', placeholder: '', button: 'Reply', state$: observable(''), busy$: observable(false),
    send: () => void sent.push(words$.get()), ...more,
  };
  const { element } = Composer(new Scope(), app, options);
  return { element, draft, ...options };
}

describe('a composer', () => {
  it('shows that the draft is kept, and says aloud only what stands in the way', () => {
    const { element, draft, state$ } = compose();
    const state = () => [...element.querySelectorAll('.composer-state > span')].map((part) => part.textContent);
    assert.deepEqual(state(), ['', '']);
    draft.put({ body: 'Words' });
    draft.flush();
    assert.deepEqual(state(), ['Draft saved', '']);
    state$.set('Waiting for the network');
    assert.deepEqual(state(), ['', 'Waiting for the network']);
    state$.set('');
    storage.full = true;
    draft.put({ body: 'Words and more' });
    draft.flush();
    assert.deepEqual(state(), ['', 'Not saved: this browser has no room for drafts']);
    assert.equal(element.querySelector('.composer-state > [role=status]')?.textContent, state()[1]);
  });

  it('sends nothing while it is busy, and nothing can be typed then', () => {
    const { element, busy$ } = compose();
    const submit = () => element.dispatchEvent(new Event('submit', { cancelable: true }));
    submit();
    busy$.set(true);
    submit();
    assert.deepEqual(sent, ['Words']);
    assert.ok(element.querySelector('textarea')?.hasAttribute('readonly'));
    busy$.set(false);
    assert.equal(element.querySelector('textarea')?.hasAttribute('readonly'), false);
  });

  it('says when words are HTML, and offers no Markdown for them', () => {
    const html$ = observable(false);
    const { element } = compose({ html$ });
    const tools = () => [...element.querySelectorAll('.composer-tools button')].map((button) => button.getAttribute('aria-label') ?? button.textContent);
    assert.deepEqual(tools(), ['Bold', 'Italic', 'Link', 'Quote', 'Code', 'List', 'Preview']);
    html$.set(true);
    assert.deepEqual(tools(), []);
    assert.equal(element.querySelector('.composer-tools')?.textContent, 'HTML');
  });
});

describe('words on their way', () => {
  const item = { client_id: 'c1', place: 'thread:7', kind: 'reply', body: 'Hello', state: 'waiting', problem: null };

  it('say what keeps them, and what one may do when they were refused', () => {
    const item$ = observable(/** @type {any} */ (item));
    const mayReply$ = observable(false);
    const element = PendingPost(new Scope(), item$, app, () => {}, mayReply$);
    const state = () => element.querySelector('.post-state')?.textContent;
    const acts = () => [...element.querySelectorAll('button')].map((button) => button.textContent);
    assert.equal(state(), 'Sending');
    for (const [line, words] of [['offline', 'Waiting for the network'], ['signed-out', 'Waiting until you sign in'], ['later', 'Waiting as long as the server asks between posts']]) {
      line$.set(line);
      assert.equal(state(), words);
    }
    item$.set({ ...item, state: 'sending' });
    assert.equal(state(), 'Sending');
    assert.deepEqual(acts(), []);
    item$.set({ ...item, state: 'failed', problem: { code: 'locked', message: 'This thread is locked.', fields: {} } });
    assert.equal(state(), 'This thread is locked.');
    assert.deepEqual(acts(), ['Try again', 'Copy', 'Throw away']);
    mayReply$.set(true);
    assert.deepEqual(acts(), ['Try again', 'Edit', 'Copy', 'Throw away']);
  });
});
