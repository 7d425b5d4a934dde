import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { ApiError } from '../js/api/client.js';
import { QuickSearch } from '../js/stores/QuickSearch.js';
import { found, foundPost, settle } from './support/things.js';

/** @type {{q: string, signal: AbortSignal}[]} what was asked */
let asked;
/** @type {((answer: any) => void)[]} */
let answers;
/** @type {QuickSearch} */
let quick;

const shown = () => {
  const answer = quick.answer$.get();
  return answer && [answer.q, answer.found.items.length];
};

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  asked = [];
  answers = [];
  quick = new QuickSearch((q, signal) => new Promise((resolve, reject) => {
    asked.push({ q, signal });
    answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
  }));
});
afterEach(() => mock.timers.reset());

/** Types words and waits until they are asked for. @param {string} words */
function types(words) {
  quick.look(words);
  mock.timers.tick(120);
}

describe('searching while one types', () => {
  it('asks once typing rests, as typed: a space at the end ends the last word', async () => {
    quick.look('sha');
    mock.timers.tick(100);
    quick.look(' shadow ');
    mock.timers.tick(119);
    assert.deepEqual([asked, quick.state$.get()], [[], 'loading']);
    mock.timers.tick(1);
    assert.deepEqual(asked.map(({ q }) => q), ['shadow ']);
    answers[0](found([foundPost(1)]));
    await settle();
    assert.deepEqual([shown(), quick.state$.get()], [['shadow ', 1], 'ready']);
  });

  it('calls an older question off, and its answer no longer counts', async () => {
    types('sun');
    types('sunset');
    assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, false]);
    answers[1](found([foundPost(1), foundPost(2)]));
    await settle();
    answers[0](found([foundPost(3)]));
    await settle();
    assert.deepEqual(shown(), ['sunset', 2]);
  });

  it('keeps what is shown until the next answer, and shows nothing once the words are gone', async () => {
    types('sun');
    answers[0](found([foundPost(1)]));
    await settle();
    types('sunset');
    assert.deepEqual([shown(), quick.state$.get()], [['sun', 1], 'loading']);
    quick.look('  ');
    assert.deepEqual([shown(), quick.state$.get(), asked[1].signal.aborted], [null, 'idle', true]);
  });

  it('says why there was no answer, and asks again', async () => {
    types('sun');
    answers[0](new ApiError({ status: 0, code: 'offline', detail: 'You are offline.' }));
    await settle();
    assert.deepEqual([quick.state$.get(), quick.fault$.get()?.code, shown()], ['failed', 'offline', null]);
    quick.again();
    answers[1](found([foundPost(1)]));
    await settle();
    assert.deepEqual([quick.state$.get(), quick.fault$.get(), shown()], ['ready', null, ['sun', 1]]);
  });

  it('asks nothing more once it has ended, and nothing again where nothing was asked', async () => {
    quick.again();
    quick.look('sun');
    quick.end();
    mock.timers.tick(1000);
    assert.deepEqual(asked, []);
  });
});
