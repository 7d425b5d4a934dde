// @ts-check
// All resources over one client.

import { adminApi } from './admin.js';
import { authApi } from './auth.js';
import { boardsApi } from './boards.js';
import { commentsApi } from './comments.js';
import { meApi } from './me.js';
import { messagesApi } from './messages.js';
import { postsApi } from './posts.js';
import { searchApi } from './search.js';
import { siteApi } from './site.js';
import { tagsApi } from './tags.js';
import { threadsApi } from './threads.js';
import { usersApi } from './users.js';
/** @import { Client } from './client.js' */

/** @typedef {ReturnType<typeof createApi>} Api */

/** @param {Client} client */
export function createApi(client) {
  return {
    admin: adminApi(client),
    auth: authApi(client),
    boards: boardsApi(client),
    comments: commentsApi(client),
    me: meApi(client),
    messages: messagesApi(client),
    posts: postsApi(client),
    search: searchApi(client),
    site: siteApi(client),
    tags: tagsApi(client),
    threads: threadsApi(client),
    users: usersApi(client),
  };
}
