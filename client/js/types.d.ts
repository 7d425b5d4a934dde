// The JSON that the API speaks, as types: field for field what the server's serde structs are.
// Ids are text, times RFC 3339 in UTC.

export type Role = 'member' | 'moderator' | 'admin';

export interface Person {
  id: string;
  nickname: string;
  url: string;
  /** One or two letters for the face. */
  initials: string;
  /** 0–359, from the name. */
  hue: number;
  role: Role;
}

export interface Profile extends Person {
  bio: string;
  bio_html: string;
  joined_at: string;
  last_seen_at: string | null;
  online: boolean;
  thread_count: number;
  post_count: number;
  likes_received: number;
  /** False: imported and not yet handed to its owner. */
  claimed: boolean;
  version: number;
}

export type ThemeChoice = 'auto' | 'light' | 'dark';

export interface Settings {
  theme: ThemeChoice;
  enter_sends: boolean;
  /** Whether others see how far one has read, and that one is writing. */
  receipts: boolean;
  typing: boolean;
  messages_from: 'everyone' | 'known' | 'nobody';
}

export interface Me extends Profile {
  email: string;
  age: number | null;
  age_stated_at: string | null;
  gender: string | null;
  first_name: string | null;
  last_name: string | null;
  groups: { id: string; slug: string; title: string }[];
  settings: Settings;
  may: { moderate: boolean; administer: boolean };
}

export interface BoardRef {
  id: string;
  slug: string;
  url: string;
  title: string;
  hue: number;
}

export interface Board extends BoardRef {
  description: string;
  preset: 'forum';
  position: number;
  thread_count: number;
  post_count: number;
  last_thread: { id: string; title: string; url: string; bumped_at: string } | null;
  /** Each `everyone`, `members`, `staff` or `group:SLUG`. */
  rights: { read: string; start: string; reply: string };
  policy: { version: number; ordering: 'activity' | 'newest'; slow_mode_seconds: number };
  may: { start: boolean; reply: boolean; moderate: boolean };
  version: number;
}

export interface Thread {
  id: string;
  url: string;
  board: BoardRef;
  title: string;
  author: Person;
  excerpt: string;
  tags: string[];
  pinned: boolean;
  locked: boolean;
  /** Nobody may reply, and only moderators may change anything. */
  archived: boolean;
  created_at: string;
  bumped_at: string;
  reply_count: number;
  view_count: number;
  imported_likes: number;
  faces: Person[];
  last_post: { id: string; url: string; author: Person; created_at: string };
  version: number;
  /** `null` for guests and where it is not known; the count is capped at 100. */
  unread: { count: number; first: { position: number; post_id: string } | null } | null;
}

export interface Reaction {
  emoji: string;
  count: number;
  mine: boolean;
}

export interface ReplyTo {
  id: string;
  url: string;
  position: number;
  author: Person;
  excerpt: string;
}

export interface LivingPost {
  id: string;
  url: string;
  thread_id: string;
  position: number;
  author: Person;
  html: string;
  excerpt: string;
  created_at: string;
  edited_at: string | null;
  edit_count: number;
  reply_to: ReplyTo | null;
  reactions: Reaction[];
  imported_likes: number;
  deleted: false;
  version: number;
  may: { edit: boolean; delete: boolean; react: boolean };
}

export interface Tombstone {
  id: string;
  url: string;
  thread_id: string;
  position: number;
  deleted: true;
  deleted_at: string;
  by_author: boolean;
  version: number;
  may: { restore: boolean };
}

export type Post = LivingPost | Tombstone;

export interface PageOfPosts {
  items: Post[];
  next: string | null;
  previous: string | null;
  /** The highest position. */
  total: number;
  /** The number of the first item's page. */
  page: number;
  pages: number;
}

/** What an answer that shows a stream's content carries, to subscribe from there. */
export interface Snapshot {
  epoch: string;
  stream: string;
  seq: number;
}

export interface ThreadPage extends Snapshot {
  thread: Thread;
  board: Board;
  posts: PageOfPosts;
  mark: { position: number; post_id: string } | null;
  may: { reply: boolean; edit: boolean; lock: boolean; archive: boolean; pin: boolean; move: boolean; delete: boolean };
}

export interface Site {
  name: string;
  tagline: string;
  setup_needed: boolean;
  registration: 'open' | 'closed';
  minimum_age: number;
  version: string;
  release: string;
  epoch: string;
  telemetry_percent: number;
}

export interface Group {
  id: string;
  slug: string;
  title: string;
  description: string;
  member_count: number;
  version: number;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface AccessToken {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string;
}

/** A signed-in browser. */
export interface Device {
  id: string;
  current: boolean;
  device: string;
  created_at: string;
  last_used_at: string;
}

export type LinkPurpose = 'setup' | 'password' | 'claim';

/** A post with the text it was written in. */
export type PostSource = LivingPost & { body: string; flavour: 'markdown' | 'html' };

export interface Edit {
  version: number;
  body: string;
  edited_at: string;
  edited_by: Person;
}

/** A row of the home feed: a thread with its opening post. */
export type FeedThread = Thread & { post: LivingPost };

/** `streams`: of the boards, which tell of new threads. */
export type Feed = Page<FeedThread> & Snapshot & { streams: Record<string, number> };

/** A post on the page of who wrote it. */
export type PersonsPost = LivingPost & { thread: { id: string; title: string; url: string; board: BoardRef } };

export interface AdminPerson extends Profile {
  email: string | null;
  standing: 'good' | 'banned';
}

export interface SiteSettings {
  name: string;
  tagline: string;
  registration: 'open' | 'closed';
  minimum_age: number;
}

export type MemberRole = 'owner' | 'admin' | 'member';

export interface Member {
  person: Person;
  role: MemberRole;
  /** How far they have read; `null` where that is not shown. */
  read_seq: number | null;
}

export interface UnreadMessages {
  /** 100 stands for more than 99. */
  count: number;
  first_seq: number | null;
  first_at: string | null;
}

export interface Conversation {
  id: string;
  url: string;
  kind: 'direct' | 'group';
  title: string | null;
  /** The other one, where there are two. */
  with: Person | null;
  /** The first 50. */
  members: Member[];
  member_count: number;
  last_message: Message | null;
  unread: UnreadMessages;
  /** How far one has read. */
  mark: number;
  muted: boolean;
  /** A stranger began it and one has not accepted it. */
  request: boolean;
  /** Whether one has blocked the other. */
  blocked: boolean;
  may: { write: boolean; add: boolean; rename: boolean; remove: boolean; leave: boolean; hand_over: boolean };
  created_at: string;
  bumped_at: string;
  version: number;
  stream: string;
  seq: number;
}

export interface LivingMessage {
  id: string;
  conversation_id: string;
  /** Its place, and the number of its event in the conversation's stream. */
  seq: number;
  url: string;
  author: Person;
  html: string;
  excerpt: string;
  created_at: string;
  edited_at: string | null;
  edit_count: number;
  reply_to: { id: string; seq: number; author: Person; excerpt: string } | null;
  reactions: Reaction[];
  deleted: false;
  version: number;
  /** To its author only, and not on the socket. */
  client_id: string | null;
  may: { edit: boolean; delete: boolean };
}

export interface DeletedMessage {
  id: string;
  conversation_id: string;
  seq: number;
  author: Person;
  deleted: true;
  deleted_at: string;
  created_at: string;
  version: number;
}

export type Message = LivingMessage | DeletedMessage;

/** Newest first. */
export interface PageOfMessages extends Snapshot {
  items: Message[];
  older: boolean;
  newer: boolean;
}

export type ConversationList = Page<Conversation> & Snapshot & { unread: { conversations: number; messages: number } };

/** A conversation in which something was found: what it takes to name it. */
export interface FoundIn {
  id: string;
  url: string;
  kind: 'direct' | 'group';
  title: string | null;
  people: Person[];
}

export type FoundMessages = Page<LivingMessage> & { conversations: FoundIn[] };

/** Words that an edit of a message replaced. */
export interface MessageBefore {
  version: number;
  body: string;
  edited_at: string;
}

/** A part of a text, and whether it is what was looked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** As the API and addresses name them. */
export type FoundKinds = 'posts' | 'messages' | 'people' | 'boards' | 'tags';

export interface FoundPost {
  kind: 'post';
  id: string;
  url: string;
  position: number;
  opening: boolean;
  author: Person;
  at: string;
  excerpt: Piece[];
  /** Other posts of its thread that were found and are not listed. */
  more_in_thread: number;
  thread: { id: string; url: string; title: Piece[]; board: BoardRef; tags: string[]; post_count: number };
}

export interface FoundMessage {
  kind: 'message';
  id: string;
  url: string;
  seq: number;
  author: Person;
  at: string;
  excerpt: Piece[];
  conversation: FoundIn;
}

export interface FoundPerson {
  kind: 'person';
  url: string;
  person: Person;
  nickname: Piece[];
  excerpt: Piece[];
}

export interface FoundBoard {
  kind: 'board';
  url: string;
  board: BoardRef;
  title: Piece[];
  excerpt: Piece[];
}

export interface FoundTag {
  kind: 'tag';
  url: string;
  tag: string;
  title: Piece[];
  thread_count: number;
}

export type FoundItem = FoundPost | FoundMessage | FoundPerson | FoundBoard | FoundTag;

export interface Found {
  items: FoundItem[];
  next: string | null;
  total: { count: number; at_least: boolean };
  /** Of each kind, whichever of them is listed. */
  counts: Record<FoundKinds, number>;
  understood: {
    words: string[];
    /** `without`: the query with this filter taken away. */
    filters: { name: string; value: string; without: string }[];
    /** Not all words are in everything that was found. */
    relaxed: boolean;
    problems: { field: string; why: string }[];
  };
  /** Questions that would find less. */
  narrow: { q: string; label: string; count: number }[];
  /** Where it was looked, if in one thread only. */
  thread: { id: string; title: string; url: string } | null;
  /** While not all is in the index yet. */
  indexing: { done: number; total: number } | null;
}
