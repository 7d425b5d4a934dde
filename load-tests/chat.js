// Fifty members chat at once, in pairs, each sending a message a second over a socket. Every message is acknowledged and
// nothing is missing or out of order in any conversation.
//
//   for n in $(seq 50); do
//     folkmoot admin create --nickname load$n --email load$n@example.org --password 'correct-horse-battery'
//   done
//   k6 run --env BASE_URL=https://forum.example.org --env PASSWORD=correct-horse-battery load-tests/chat.js
//
// For your own server only: run it against nothing that is not yours, and allow it to sign in fifty times from one address
// (docs/limits.md). k6 is not part of this project and is installed apart from it; `folkmoot-bench chat` does the same and
// more without it.
import http from 'k6/http';
import ws from 'k6/ws';
import { check, fail } from 'k6';
import { Counter, Rate, Trend } from 'k6/metrics';

const BASE_URL = __ENV.BASE_URL || 'http://localhost:8080';
const SOCKET_URL = `${BASE_URL.replace(/^http/, 'ws')}/ws`;
const PASSWORD = __ENV.PASSWORD || 'correct-horse-battery';
const MEMBERS = 50;
const EVERY_MS = 1000;
const STAYS_MS = 60000;

const sent = new Counter('messages_sent');
const acknowledged = new Rate('messages_acknowledged');
const dense = new Rate('messages_in_order');
const latency = new Trend('message_latency', true);

export const options = {
  scenarios: { chat: { executor: 'per-vu-iterations', vus: MEMBERS, iterations: 1, maxDuration: '3m' } },
  thresholds: {
    messages_acknowledged: ['rate==1'],
    messages_in_order: ['rate==1'],
    message_latency: ['p(95)<500'],
    checks: ['rate==1'],
  },
};

const JSON_BODY = { headers: { 'Content-Type': 'application/json' } };

function signIn(nickname) {
  const form = JSON.stringify({ identifier: nickname, password: PASSWORD });
  const answer = http.post(`${BASE_URL}/api/auth/login`, form, JSON_BODY);
  if (answer.status !== 200) fail(`${nickname} cannot sign in: ${answer.status}`);
  return answer.cookies.folkmoot_session[0].value;
}

/** The conversation of a pair: whoever asks first opens it, the other is given the same one. */
function conversationWith(nickname) {
  const opening = JSON.stringify({ members: [nickname] });
  const answer = http.post(`${BASE_URL}/api/conversations`, opening, JSON_BODY);
  check(answer, { 'there is a conversation': (one) => one.status === 200 || one.status === 201 });
  return answer.json('conversation.id');
}

function clientId(number) {
  const part = (value, length) => value.toString(16).padStart(length, '0');
  return `${part(__VU, 8)}-0000-4000-8000-${part(Date.now() * 64 + (number % 64), 12).slice(-12)}`;
}

function say(socket, type, payload) {
  socket.send(JSON.stringify({ type, payload }));
}

export default function chat() {
  const session = signIn(`load${__VU}`);
  const other = __VU % 2 === 0 ? __VU - 1 : __VU + 1;
  const conversation = conversationWith(`load${other}`);
  let waiting = 0;
  let seq = 0;

  const opened = ws.connect(SOCKET_URL, { headers: { Cookie: `folkmoot_session=${session}` } }, (socket) => {
    const hear = {
      welcome: () => {
        let number = 0;
        const timer = socket.setInterval(() => {
          number += 1;
          waiting += 1;
          sent.add(1);
          const body = `at ${Date.now()} a line or two, as people say them`;
          say(socket, 'send_message', { conversation_id: conversation, client_id: clientId(number), body });
        }, EVERY_MS);
        socket.setTimeout(() => socket.clearInterval(timer), STAYS_MS);
        // What is on its way arrives.
        socket.setTimeout(() => socket.close(), STAYS_MS + 5 * EVERY_MS);
      },
      ack: () => {
        waiting -= 1;
        acknowledged.add(true);
      },
      nack: () => {
        waiting -= 1;
        acknowledged.add(false);
      },
      new_message: (frame) => {
        if (frame.stream !== `conversation:${conversation}`) return;
        if (seq > 0) dense.add(frame.seq === seq + 1);
        seq = frame.seq;
        const at = /at (\d+) /.exec(JSON.stringify(frame.payload));
        if (at) latency.add(Date.now() - Number(at[1]));
      },
    };
    socket.on('open', () => say(socket, 'hello', { cursors: {} }));
    socket.on('message', (text) => {
      const frame = JSON.parse(text);
      if (hear[frame.type]) hear[frame.type](frame);
    });
  });
  check(opened, { 'the socket opened': (answer) => answer && answer.status === 101 });
  check(waiting, { 'every message was acknowledged': (left) => left === 0 });
}
