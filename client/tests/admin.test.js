// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { window } from './support/dom.js';
import { me, person, settle } from './support/things.js';
import { Notices } from '../js/stores/Notices.js';
import { Scope } from '../js/utils/dom.js';
import { observable } from '../js/utils/state.js';
import { view as groupsView } from '../js/views/AdminGroupsView.js';
import { view as siteView } from '../js/views/AdminSiteView.js';

/** @type {any} */ (globalThis).FormData = window.FormData;

/** An app of an admin whose server answers with `admin`. @param {Record<string, any>} admin */
const appOf = (admin) => /** @type {any} */ ({
  api: { admin }, notices: new Notices(), now$: observable(null),
  session: { me$: observable(me('ann', { may: { moderate: true, administer: true } })) },
});

/** Loads a view as the router does. @param {any} view @param {any} app @returns {Promise<HTMLElement>} */
async function open(view, app) {
  const scope = new Scope();
  const page = view.render(await view.load({}, { app, signal: scope.signal }), scope, app, {});
  document.body.replaceChildren(page);
  return page;
}

/** @param {HTMLElement} page @param {string} name @returns {any} */
const field = (page, name) => page.querySelector(`[name=${name}]`);

describe('the page about the community', () => {
  const site = { name: 'Moot', tagline: 'Talk of the town', registration: 'closed', minimum_age: 16 };

  it('begins with what is so, and sends it back as it is', async () => {
    /** @type {any} */
    let sent;
    const page = await open(siteView, appOf({ site: async () => ({ site }), changeSite: async (/** @type {any} */ change) => ((sent = change), { site }) }));
    assert.deepEqual(['name', 'tagline', 'registration', 'minimum_age'].map((name) => field(page, name).value), ['Moot', 'Talk of the town', 'closed', '16']);
    page.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await settle();
    assert.deepEqual(sent, site);
  });
});

describe('the page of groups', () => {
  const crew = { id: '1', slug: 'crew', title: 'Crew', description: '', member_count: 2, version: 1 };

  /** A server with one group. @param {string[]} names */
  function withMembers(names) {
    return appOf({
      groups: async () => ({ items: [crew] }),
      members: async (/** @type {string} */ _, { cursor = null } = {}) => (cursor ? { items: names.slice(1).map((name) => person(name)), next: null } : { items: names.slice(0, 1).map((name) => person(name)), next: names.length > 1 ? 'c1' : null }),
      addMember: async (/** @type {string} */ _, /** @type {string} */ name) => {
        if (name === 'nobody') throw Object.assign(new Error('There is nobody of this name.'), { status: 404 });
        names.unshift(name);
      },
      removeMember: async (/** @type {string} */ _, /** @type {string} */ name) => void names.splice(names.indexOf(name), 1),
    });
  }
  const members = (/** @type {HTMLElement} */ page) => [...page.querySelectorAll('.members a')].map((link) => link.textContent);
  const add = async (/** @type {HTMLElement} */ page, /** @type {string} */ name) => {
    const input = /** @type {HTMLInputElement} */ (page.querySelector('.finder input'));
    input.value = name;
    page.querySelector('.finder')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await settle();
    return input.value;
  };

  it('says who is in each, page by page', async () => {
    const page = await open(groupsView, withMembers(['bob', 'carol']));
    assert.deepEqual(members(page), ['bob']);
    /** @type {HTMLElement} */ (page.querySelector('.group button.link')).click();
    await settle();
    assert.deepEqual(members(page), ['bob', 'carol']);
  });

  it('puts somebody in and takes them out again, and keeps a name that was refused', async () => {
    const app = withMembers([]);
    const page = await open(groupsView, app);
    assert.match(page.textContent ?? '', /Nobody is in it yet/);
    assert.equal(await add(page, 'nobody'), 'nobody');
    assert.equal(app.notices.items$.get().at(-1).text, 'There is nobody of this name.');
    assert.equal(await add(page, 'bob'), '');
    assert.deepEqual(members(page), ['bob']);
    /** @type {HTMLElement} */ (page.querySelector('.members button')).click();
    await settle();
    assert.deepEqual(members(page), []);
    app.notices.items$.get().at(-1).action.run();
    await settle();
    assert.deepEqual(members(page), ['bob']);
  });
});
