// @ts-check
// Where one is in a thread: an upright slider beside the posts, a scrubber above the tabs on phones.

import { computed } from '../utils/state.js';
import { icon } from './icons.js';
import { Time } from './Time.js';
import { pageOf } from '../utils/pages.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { Thread, ThreadPage } from '../types.js' */

/**
 * What the timeline shows and where it leads.
 *
 * @typedef {object} Course
 * @property {Readable<Thread>} thread$
 * @property {Readable<number>} total$ the highest position
 * @property {Readable<{position: number, created_at: string}>} here$ the post at the top of the window
 * @property {ThreadPage['mark']} mark how far one had read
 * @property {(position: number) => void} jump
 */

/** Shorter threads are seen whole. */
export const WORTH_A_TIMELINE = 8;

/** @param {Scope} scope @param {App} app @param {Course} course */
export function Timeline(scope, app, course) {
  const { h } = scope;
  const { thread$, total$, here$, mark } = course;
  const thread = thread$.get();
  return h('nav', { class: 'timeline stays', 'aria-label': 'In this thread' },
    h('a', { class: 'timeline-end', href: thread.url }, 'First, ', Time(scope, app, thread.created_at)),
    h('div', { class: 'timeline-track needs-script' },
      Range(scope, course),
      follow(scope, app, h('div', { class: 'timeline-here' },
        h('b', {}, here$.map((here) => here.position), ' / ', total$),
        Time(scope, app, here$.map((here) => here.created_at))), course)),
    h('a', { class: 'timeline-end', href: thread$.map((now) => now.last_post.url) }, 'Latest, ', Time(scope, app, thread$.map((now) => now.last_post.created_at))),
    mark && mark.position < total$.get() && h('a', { class: 'link', href: unreadAddress(thread, mark) }, `Continue at #${mark.position + 1}`));
}

/** The page on which the first unread post stands. @param {Thread} thread @param {{position: number}} mark */
function unreadAddress(thread, mark) {
  const first = thread.unread?.first;
  return first ? `${thread.url}?page=${pageOf(first.position)}#post-${first.post_id}` : `${thread.url}?page=${pageOf(mark.position + 1)}`;
}

/** @param {Scope} scope @param {Course} course */
function Range(scope, { total$, here$, jump }) {
  const range = scope.h('input', {
    class: 'timeline-range', type: 'range', min: '1', max: total$, 'aria-label': 'Post',
    onchange: () => jump(Number(range.value)),
  });
  range.setAttribute('value', String(here$.get().position));
  let held = false;
  scope.on(range, 'pointerdown', () => (held = true));
  scope.on(range, 'pointerup', () => (held = false));
  scope.subscribe(here$, ({ position }) => {
    if (!held) range.value = String(position);
  });
  return range;
}

/** Puts the words beside the slider's thumb, once the first page has been taken over: the server writes no styles. @param {Scope} scope @param {App} app @param {HTMLElement} words @param {Course} course */
function follow(scope, app, words, { here$, total$ }) {
  scope.subscribe(computed([here$, total$, app.now$], (here, total, now) => (now === null ? null : (here.position - 1) / Math.max(total - 1, 1))), (share) => {
    if (share !== null) words.style.setProperty('--at', share.toFixed(4));
  });
  return words;
}

/** @param {Scope} scope @param {App} app @param {Course} course */
export function Scrubber(scope, app, course) {
  const { h } = scope;
  const open = async () => {
    const { openDialog } = await import('./Dialog.js');
    openDialog(scope, 'In this thread', (inner, close) => Timeline(inner, app, {
      ...course,
      jump: (position) => {
        close();
        course.jump(position);
      },
    }));
  };
  return h('button', { class: 'scrubber needs-script', type: 'button', 'aria-haspopup': 'dialog', onclick: open },
    icon('chevron-down', 'small'), h('span', {}, course.here$.map((here) => here.position), ' / ', course.total$));
}
