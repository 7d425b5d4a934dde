// @ts-check
// Which address leads to which view. Views are loaded when they are first needed.

/** @import { Route } from './router.js' */

/** @type {readonly Route[]} */
export const routes = [
  { name: 'home', path: '/', view: () => import('./views/HomeView.js') },
  { name: 'boards', path: '/boards', view: () => import('./views/BoardsView.js') },
  { name: 'board', path: '/b/:slug', view: () => import('./views/BoardView.js') },
  { name: 'new', path: '/new', view: () => import('./views/CreatePostView.js') },
  { name: 'new', path: '/b/:slug/new', view: () => import('./views/CreatePostView.js') },
  { name: 'thread', path: '/threads/:id', view: () => import('./views/PostView.js') },
  { name: 'thread', path: '/threads/:id/:slug', view: () => import('./views/PostView.js') },
  {
    name: 'permalink',
    path: '/p/:id',
    redirect: async ({ id }, { api }, signal) => {
      return (await api.posts.get(id, signal)).post.url;
    },
  },
  { name: 'chat', path: '/chat', view: () => import('./views/ChatView.js') },
  { name: 'chat', path: '/chat/:id', view: () => import('./views/ChatView.js') },
  { name: 'people', path: '/people', view: () => import('./views/PeopleView.js') },
  { name: 'person', path: '/people/:nickname', view: () => import('./views/ProfileView.js') },
  { name: 'tag', path: '/tags/:tag', view: () => import('./views/TagView.js') },
  { name: 'search', path: '/search', view: () => import('./views/SearchView.js') },
  { name: 'login', path: '/login', view: () => import('./views/LoginView.js') },
  { name: 'register', path: '/register', view: () => import('./views/RegisterView.js') },
  { name: 'settings', path: '/settings', view: () => import('./views/SettingsView.js') },
  { name: 'link', path: '/link/:token', view: () => import('./views/LinkView.js') },
  { name: 'admin', path: '/admin', view: () => import('./views/AdminSiteView.js') },
  { name: 'admin-boards', path: '/admin/boards', view: () => import('./views/AdminBoardsView.js') },
  { name: 'admin-people', path: '/admin/people', view: () => import('./views/AdminPeopleView.js') },
  { name: 'admin-groups', path: '/admin/groups', view: () => import('./views/AdminGroupsView.js') },
];

/** What stands where an address leads nowhere, and where a page could not be had. */
export const otherwise = {
  notFound: () => import('./views/NotFoundView.js'),
  failed: () => import('./views/ErrorView.js'),
};
