// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { person, post, tombstone } from './support/things.js';
import './support/dom.js';
import { withLines } from '../js/components/CommentList.js';
import { findEmoji } from '../js/components/emoji.js';
import { quoted } from '../js/components/ReplyDock.js';
import { changes, versionsOf } from '../js/components/History.js';

const at = (/** @type {number} */ day) => new Date(day * 86_400_000).toISOString();

describe('the posts of a thread', () => {
  it('get a line where the unread begin, and none when all was read', () => {
    const posts = [post(1), post(2), post(3)];
    const keys = (/** @type {number} */ position) => withLines(posts, { position, post_id: `p${position}` }).map((entry) => entry.key);
    assert.deepEqual(keys(2), ['p1', 'p2', 'unread', 'p3']);
    assert.deepEqual(keys(3), ['p1', 'p2', 'p3']);
    assert.deepEqual(withLines(posts, null).map((entry) => entry.key), ['p1', 'p2', 'p3']);
  });

  it('get a line after a long silence, measured over deleted posts', () => {
    const posts = [post(1, { created_at: at(0) }), tombstone(2), post(3, { created_at: at(400) }), post(4, { created_at: at(401) })];
    assert.deepEqual(withLines(posts, null).map((entry) => entry.words ?? entry.key), ['p1', 'p2', '1 year later', 'p3', 'p4']);
  });
});

describe('a quote', () => {
  it('names whose words they are and where they stand', () => {
    assert.equal(quoted(post(3), ' one\n\ntwo '), '> [@ada](post:p3):\n> one\n>\n> two\n\n');
  });
});

describe('the history of a post', () => {
  it('shows lines taken out and put in, and keeps the others', () => {
    assert.deepEqual(changes('a\nb\nc', 'a\nx\nc\nd'), [
      { tag: null, text: 'a\n' }, { tag: 'del', text: 'b\n' }, { tag: 'ins', text: 'x\n' }, { tag: null, text: 'c\n' }, { tag: 'ins', text: 'd\n' },
    ]);
  });

  it('says who wrote each version and when', () => {
    const edits = [
      { version: 1, body: 'one', edited_at: at(1), edited_by: person('ada') },
      { version: 2, body: 'two', edited_at: at(2), edited_by: person('moderator') },
    ];
    const versions = versionsOf({ ...post(1, { created_at: at(0) }), body: 'three' }, edits);
    assert.deepEqual(versions.map(({ body, by, at: when }) => [body, by.nickname, when]), [['one', 'ada', at(0)], ['two', 'ada', at(1)], ['three', 'moderator', at(2)]]);
  });

  it('shows a first version as it was', () => {
    assert.deepEqual(changes('a', 'a'), [{ tag: null, text: 'a\n' }]);
  });
});

describe('emoji', () => {
  it('are found by the beginning of any of their names', () => {
    assert.equal(findEmoji('thumbsu')[0][0], '👍');
    assert.ok(findEmoji('HAPP').some(([emoji]) => emoji === '😄'));
    assert.deepEqual(findEmoji('nothing like that'), []);
  });
});
