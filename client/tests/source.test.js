import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { describe, it } from 'node:test';

const root = new URL('..', import.meta.url).pathname;

/** All files of ours under `client/`. @returns {string[]} */
function files(folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'tests'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}
const scripts = files().filter((path) => extname(path) === '.js');
const named = scripts.map((path) => ({ name: relative(root, path), text: readFileSync(path, 'utf8') }));
/** @param {(text: string) => boolean} broken */
const where = (broken) => named.filter(({ text }) => broken(text)).map(({ name }) => name);

describe('the source of the client', () => {
  it('parses HTML in one function only', () => {
    assert.deepEqual(where((text) => /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|DOMParser|createContextualFragment/.test(text)), ['js/utils/dom.js']);
    assert.equal(readFileSync(join(root, 'js/utils/dom.js'), 'utf8').match(/innerHTML/g)?.length, 1);
  });

  it('runs as it stands: relative imports only, no eval, no default exports', () => {
    const imports = named.flatMap(({ name, text }) => [...text.matchAll(/(?:^|\n)(?:import|export)[^'";]*?from '([^']+)'|import\('([^']+)'\)/g)].map((match) => ({ name, from: match[1] ?? match[2] })));
    assert.ok(imports.length > 100);
    assert.deepEqual(imports.filter(({ from }) => !/^\.\.?\/.*\.js$/.test(from)), []);
    assert.deepEqual(where((text) => /\beval\(|new Function\(|export default/.test(text)), []);
  });

  it('is checked by types, file by file', () => {
    assert.deepEqual(where((text) => !text.startsWith('// @ts-check\n')), []);
  });

  it('has stores, an API and a socket that do not know the page, and views that do not fetch', () => {
    const blind = named.filter(({ name }) => /^js\/(stores|api|websocket|outbox)\//.test(name));
    assert.deepEqual(blind.filter(({ text }) => /\bdocument\b|\bwindow\b/.test(text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ''))).map(({ name }) => name), []);
    const seeing = named.filter(({ name }) => /^js\/(views|components)\//.test(name));
    assert.deepEqual(seeing.filter(({ text }) => /\bfetch\(|XMLHttpRequest|new WebSocket/.test(text)).map(({ name }) => name), []);
  });

  it('is one document with one module and the theme before it, nothing inline, no dependency at run time', () => {
    const documents = files().filter((path) => extname(path) === '.html');
    assert.deepEqual(documents.map((path) => relative(root, path)), ['index.html']);
    const html = readFileSync(documents[0], 'utf8');
    assert.deepEqual(html.match(/<script[^>]*>[^<]*/g), ['<script src="/assets/RELEASE/js/theme.js">', '<script type="module" src="/assets/RELEASE/js/main.js">']);
    assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=/);
    for (const mark of ['head', 'preload', 'page', 'data']) assert.equal(html.split(`<!--${mark}-->`).length, 2);
    assert.match(html, /<div id="app"><!--page--><\/div>/);
    assert.equal(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies, undefined);
  });

  it('links every style sheet', () => {
    const html = readFileSync(join(root, 'index.html'), 'utf8');
    const sheets = files().filter((path) => extname(path) === '.css').map((path) => relative(root, path));
    // The server's page that describes the API links its own, and so do the chat and the search when they are opened.
    assert.deepEqual(sheets.filter((sheet) => !html.includes(`/assets/RELEASE/${sheet}`)), ['css/api.css', 'css/chat.css', 'css/message.css', 'css/search.css']);
    const chat = readFileSync(join(root, 'js/views/ChatView.js'), 'utf8');
    assert.ok(chat.includes("'../../css/chat.css', '../../css/message.css'"));
    for (const search of ['js/views/SearchView.js', 'js/components/SearchDialog.js']) assert.ok(readFileSync(join(root, search), 'utf8').includes("'../../css/search.css'"));
  });
});
