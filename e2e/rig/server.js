// @ts-check
/** The real binary over a folder of its own, on free ports; started by the tests and stopped by them. */

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The binary under test. */
export const BINARY = resolve(process.env.FOLKMOOT_BINARY ?? join(import.meta.dirname, '../../target/debug/folkmoot'));

export const PASSWORD = 'password123';

/** A running community. */
export class Server {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  #folder = '';
  /** @type {NodeJS.ProcessEnv} */
  #environment = {};
  log = '';
  port = 0;
  /** How many people were made for single tests. */
  people = 0;

  get url() {
    return `http://localhost:${this.port}`;
  }

  /** @param {Record<string, string>} settings besides those that the rig needs */
  static async start(settings = {}) {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: cargo build`);
    const server = new Server();
    server.#folder = await mkdtemp(join(tmpdir(), 'folkmoot-e2e-'));
    server.port = await freePort();
    server.#environment = {
      PATH: process.env.PATH,
      DATA_DIR: server.#folder,
      DATABASE_URL: `sqlite://${server.#folder}/folkmoot.db`,
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: String(server.port),
      METRICS_ADDR: '127.0.0.1:0',
      RATE_LIMIT_REQUESTS: '100000',
      TELEMETRY_PERCENT: '0',
      ...settings,
    };
    await server.resume();
    return server;
  }

  /** Starts the process, over the same folder if it ran before. */
  async resume() {
    const child = spawn(BINARY, ['serve'], { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => (this.log += bytes));
    }
    for (let tries = 0; tries < 600; tries++) {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${this.log}`);
      const answer = await fetch(`${this.url}/ready`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`the server did not get ready:\n${this.log}`);
  }

  /** @param {NodeJS.Signals} signal */
  async stop(signal = 'SIGTERM') {
    const child = this.#child;
    if (child && child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    }
  }

  async remove() {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs a command over the same folder. @param {string[]} words */
  async command(...words) {
    return run(BINARY, words, { env: this.#environment });
  }

  /** What an operator sees of a metric; `null` while there is nothing. @param {string} name with its labels */
  async metric(name) {
    const address = /"internal":"([^"]+)"/.exec(this.log)?.[1];
    const text = await (await fetch(`http://${address}/metrics`)).text();
    const line = text.split('\n').find((line) => line.startsWith(`${name} `));
    return line ? Number(line.slice(name.length)) : null;
  }

  /** Makes an admin, as an operator would. @param {string} nickname */
  async admin(nickname) {
    const email = `${nickname}@example.org`;
    await this.command('admin', 'create', '--nickname', nickname, '--email', email, '--password', PASSWORD);
    return this.signIn(nickname);
  }

  /** Registers a person. @param {string} nickname */
  async member(nickname) {
    const person = {
      nickname,
      email: `${nickname}@example.org`,
      password: PASSWORD,
      age: 30,
      gender: 'undisclosed',
      first_name: nickname,
      last_name: 'Example',
    };
    const answer = await fetch(`${this.url}/api/auth/register`, post(person));
    return this.#person(nickname, answer);
  }

  /** @param {string} nickname */
  async signIn(nickname) {
    const answer = await fetch(`${this.url}/api/auth/login`, post({ identifier: nickname, password: PASSWORD }));
    return this.#person(nickname, answer);
  }

  /** @param {string} nickname @param {Response} answer */
  async #person(nickname, answer) {
    if (!answer.ok) throw new Error(`${nickname}: ${answer.status} ${await answer.text()}`);
    const cookies = answer.headers.getSetCookie().map((text) => text.split(';')[0]);
    return new Person(this, nickname, cookies);
  }
}

/** Someone signed in, who acts over the API. */
export class Person {
  /** @param {Server} server @param {string} nickname @param {string[]} cookies */
  constructor(server, nickname, cookies) {
    this.server = server;
    this.nickname = nickname;
    this.cookies = cookies;
  }

  /** Lets a browser be this person. @param {import('@playwright/test').BrowserContext} context */
  async enters(context) {
    await context.addCookies(
      this.cookies.map((pair) => {
        const [name, ...value] = pair.split('=');
        return { name, value: value.join('='), url: this.server.url };
      }),
    );
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  async asks(method, path, body) {
    const request = body ? post(body) : { headers: {} };
    const headers = { ...request.headers, cookie: this.cookies.join('; ') };
    const answer = await fetch(this.server.url + path, { ...request, method, headers });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }

  /** @param {string} slug @param {string} title @param {object} more */
  async makesBoard(slug, title, more = {}) {
    return (await this.asks('POST', '/api/boards', { slug, title, ...more })).board;
  }

  /** @param {string} board @param {string} title @param {string} body */
  async opens(board, title, body) {
    return (await this.asks('POST', `/api/boards/${board}/threads`, { title, body })).thread;
  }

  /** @param {{id: string}} thread @param {string} body */
  async replies(thread, body) {
    return (await this.asks('POST', `/api/threads/${thread.id}/posts`, { body })).post;
  }
}

/** @param {object} body @returns {RequestInit & {headers: Record<string, string>}} */
function post(body) {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
