import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { MessageSearch } from '../js/stores/MessageSearch.js';
import { marked } from '../js/utils/marked.js';
import { message, person, settle } from './support/things.js';

/** @type {any[]} what was asked */
let asked;
/** @type {((answer: any) => void)[]} */
let answers;
/** @type {MessageSearch} */
let search;

const where = { id: '5', url: '/chat/5', kind: /** @type {const} */ ('direct'), title: null, people: [person('bob')] };
const page = (/** @type {number[]} */ seqs, /** @type {string | null} */ next = null) => ({ items: seqs.map((seq) => message(seq)), next, conversations: [where] });
const shown = () => search.hits$.get().map((hit) => hit.message.seq);

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  asked = [];
  answers = [];
  search = new MessageSearch(({ signal: _signal, ...options }) => new Promise((resolve, reject) => {
    asked.push(options);
    answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
  }), 2);
});
afterEach(() => mock.timers.reset());

/** Types words and waits until they are asked for. @param {string} words */
function types(words) {
  search.look(words);
  mock.timers.tick(250);
}

describe('looking for words in messages', () => {
  it('asks once for what was typed, and shows where it was said', async () => {
    search.look('te');
    mock.timers.tick(200);
    search.look('tea ');
    mock.timers.tick(249);
    assert.deepEqual([asked, search.state$.get()], [[], 'loading']);
    mock.timers.tick(1);
    search.look(' tea');
    answers[0](page([9, 4]));
    await settle();
    assert.deepEqual([asked, shown(), search.words$.get(), search.hits$.get()[0].where], [[{ q: 'tea' }], [9, 4], 'tea', where]);
  });

  it('does not ask for a single letter, and forgets the hits when the words are taken away', async () => {
    types('t');
    assert.deepEqual([asked, search.state$.get()], [[], 'idle']);
    types('tea');
    answers[0](page([9], 'further'));
    await settle();
    types('');
    assert.deepEqual([shown(), search.state$.get(), search.more$.get()], [[], 'idle', 'end']);
  });

  it('shows only the answer to the last question', async () => {
    types('tea');
    types('teapot');
    answers[1](page([2]));
    await settle();
    answers[0](page([1]));
    await settle();
    assert.deepEqual([shown(), search.words$.get()], [[2], 'teapot']);
    search.end();
    void search.more();
    assert.equal(asked.length, 2);
  });

  it('keeps what is shown until the next answer is there, and says when there is none', async () => {
    types('tea');
    answers[0](page([3]));
    await settle();
    types('teacup');
    assert.deepEqual([shown(), search.words$.get(), search.state$.get()], [[3], 'tea', 'found']);
    answers[1](page([]));
    await settle();
    assert.deepEqual([shown(), search.state$.get()], [[], 'nothing']);
  });

  it('goes on page by page, and tries again what did not come', async () => {
    types('tea');
    answers[0](page([9], 'c1'));
    await settle();
    void search.more();
    void search.more();
    answers[1](new Error('no network'));
    await settle();
    assert.deepEqual([asked.length, shown(), search.more$.get()], [2, [9], 'failed']);
    void search.more();
    answers[2](page([4]));
    await settle();
    assert.deepEqual([asked[2], shown(), search.more$.get()], [{ q: 'tea', cursor: 'c1' }, [9, 4], 'end']);
  });

  it('says that it failed, and looks again when asked to', async () => {
    types('tea');
    answers[0](new Error('no network'));
    await settle();
    assert.equal(search.state$.get(), 'failed');
    void search.again();
    answers[1](page([7]));
    await settle();
    assert.deepEqual([search.state$.get(), shown()], ['found', [7]]);
  });
});

describe('words in a text', () => {
  const words = (/** @type {string} */ text, /** @type {string} */ looked) => marked(text, looked).map(({ text: part, hit }) => (hit ? `[${part}]` : part)).join('');

  it('are marked whatever their case and spelling', () => {
    assert.equal(words('Grüße, grüße\n  an ALLE', 'GRÜSSE'), 'Grüße, grüße an ALLE');
    assert.equal(words('Tea or TEA?', 'tea'), '[Tea] or [TEA]?');
    assert.equal(words('One  \n two three', 'ONE two'), '[One two] three');
    assert.equal(words('Cafe\u0301 au lait', 'café'), '[Café] au lait');
    assert.equal(words('ﬁne ﬁnish', 'fin'), '[ﬁn]e [ﬁn]ish');
    assert.equal(words('👍 İstanbul', 'i̇stan'), '👍 [İstan]bul');
  });

  it('stand in a part of a long text that begins with a word', () => {
    const long = `${'before and '.repeat(20)}the teapot ${'after '.repeat(60)}`;
    const shownPart = words(long, 'teapot');
    assert.match(shownPart, /^…(?:and|before) [a-z ]*the \[teapot\] after .*…$/);
    assert.ok(shownPart.length < 175, String(shownPart.length));
  });

  it('need not stand there: a link may hold them', () => {
    assert.equal(words('Look here', 'example'), 'Look here');
    assert.equal(words('x'.repeat(200), 'y'), `${'x'.repeat(160)}…`);
    assert.equal(words('', 'y'), '');
    assert.equal(words('text', ' '), 'text');
  });
});
