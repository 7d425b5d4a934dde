// @ts-check
// What each event means for the state that is alive: type by type.

import { batch } from '../utils/state.js';
/** @import { Live } from '../stores/Live.js' */
/** @import { Frame, WebSocketManager } from './WebSocketManager.js' */

/** The id in a stream's name: `thread:77` → `77`. @param {Frame} frame */
const idOf = (frame) => (frame.stream ?? '').split(':')[1];

/** @param {Frame} frame */
const isChat = ({ stream = '' }) => stream.startsWith('conversation:');

/** @type {Record<string, (frame: Frame, live: Live) => void>} */
export const handlers = {
  // Board streams: a thread as a row.
  new_thread: ({ payload, stream = '' }, live) => live.eachList(stream, (list) => list.opened(payload.thread)),
  thread_changed: ({ payload, stream = '' }, live) => live.eachList(stream, (list) => list.bumped(payload)),

  // Board and thread streams: a thread as a row and as a head.
  thread_edited: threadChanged,
  thread_locked: threadChanged,
  thread_restored: threadCame,
  thread_moved(frame, live) {
    const { payload, stream = '' } = frame;
    // A board that was left hears only the id, never where to.
    if (stream.startsWith('board:') && !payload.thread) return live.eachList(stream, (list) => list.left(payload.id, stream));
    return threadCame(frame, live);
  },
  thread_deleted(frame, live) {
    const { stream = '', payload } = frame;
    live.eachList(stream, (list) => list.left(payload.id, stream));
    live.eachThread(idOf(frame), (thread) => thread.deleted());
  },

  // Thread streams.
  new_post: (frame, live) => live.eachThread(idOf(frame), (thread) => thread.arrived(frame.payload.post)),
  post_edited: postChanged,
  post_deleted: postChanged,
  post_restored: postChanged,
  reaction_changed: (frame, live) => live[isChat(frame) ? 'eachConversation' : 'eachThread'](idOf(frame), (/** @type {any} */ store) => store.reacted(frame.payload)),

  // Conversation streams.
  new_message(frame, live) {
    const { message } = frame.payload;
    live.eachConversation(idOf(frame), (conversation) => conversation.arrived(message));
    live.conversations.arrived(message);
  },
  message_edited: messageChanged,
  message_deleted: messageChanged,
  member_joined: membersChanged,
  member_left: membersChanged,
  member_changed: membersChanged,
  conversation_changed(frame, live) {
    live.eachConversation(idOf(frame), (conversation) => conversation.renamed(frame.payload.conversation));
    void live.conversations.refresh(idOf(frame));
  },

  // Said once, to who is there.
  message_read: ({ payload }, live) => live.eachConversation(payload.conversation_id, (conversation) => conversation.readBy(payload.person_id, payload.seq)),
  typing_start: ({ payload }, live) => live.eachConversation(payload.conversation_id, (conversation) => conversation.typed(payload.person_id, true)),
  typing_stop: ({ payload }, live) => live.eachConversation(payload.conversation_id, (conversation) => conversation.typed(payload.person_id, false)),
  user_online: ({ payload }, live) => live.onPresence(payload.person_id, true, null),
  user_offline: ({ payload }, live) => live.onPresence(payload.person_id, false, payload.last_seen_at ?? null),

  // One's own stream.
  conversation_joined: ({ payload }, live) => void live.conversations.refresh(payload.conversation_id),
  conversation_left: ({ payload }, live) => live.conversations.left(payload.conversation_id),
  blocks_changed(_frame, live) {
    live.conversations.again();
    live.eachConversation(null, (conversation) => conversation.refresh());
  },
  unread_changed({ payload }, live) {
    if (!payload.conversation_id) return live.read(payload);
    live.conversations.marked(payload);
    return live.eachConversation(payload.conversation_id, (conversation) => conversation.marked(payload));
  },
  all_read: (_frame, live) => live.allRead(),

  // The site.
  person_changed: ({ payload }, live) => live.personChanged(payload.person),
  board_changed: (_frame, live) => live.boardChanged(),
  site_changed: (_frame, live) => live.siteChanged(),
};

/** @param {Frame} frame @param {Live} live */
function threadChanged(frame, live) {
  const { stream = '', payload } = frame;
  if (stream.startsWith('board:')) live.eachList(stream, (list) => list.changed(payload.thread));
  // A private thread that went on meanwhile is only named: whoever still may reads it again.
  else live.eachThread(idOf(frame), (thread) => (payload.thread ? thread.changed(payload.thread) : thread.reload()));
}

/** It is on this board from now on: for a list that is as good as a new one. @param {Frame} frame @param {Live} live */
function threadCame(frame, live) {
  const { stream = '', payload } = frame;
  if (stream.startsWith('board:')) live.eachList(stream, (list) => list.opened(payload.thread));
  else threadChanged(frame, live);
}

/** @param {Frame} frame @param {Live} live */
function postChanged(frame, live) {
  live.eachThread(idOf(frame), (thread) => thread.rewritten(frame.payload.post));
}

/** @param {Frame} frame @param {Live} live */
function messageChanged(frame, live) {
  const { message } = frame.payload;
  live.eachConversation(idOf(frame), (conversation) => conversation.rewritten(message));
  live.conversations.rewritten(message);
}

/** @param {Frame} frame @param {Live} live */
function membersChanged(frame, live) {
  live.eachConversation(idOf(frame), (conversation) => conversation.refresh());
  void live.conversations.refresh(idOf(frame));
}

/** @param {WebSocketManager} socket @param {Live} live */
export function registerHandlers(socket, live) {
  for (const [type, handle] of Object.entries(handlers)) socket.on(type, (frame) => batch(() => handle(frame, live)));
}
