// A hundred guests browse: they come within two minutes, stay for five, leave within two, and think for a second between
// two pages. Every answer is 200 and takes less than half a second.
//
//   k6 run --env BASE_URL=https://forum.example.org load-tests/post_browsing.js
//
// For your own server only: run it against nothing that is not yours. k6 is not part of this project and is installed
// apart from it; `folkmoot-bench browse --stages` does the same without it, shortened or with `full`.
import http from 'k6/http';
import { check, sleep } from 'k6';

const BASE_URL = __ENV.BASE_URL || 'http://localhost:8080';

export const options = {
  stages: [
    { duration: '2m', target: 100 },
    { duration: '5m', target: 100 },
    { duration: '2m', target: 0 },
  ],
  thresholds: {
    http_req_duration: ['p(95)<500'],
    http_req_failed: ['rate<0.01'],
    checks: ['rate>0.99'],
  },
};

/** Which threads there are, and their pages. */
export function setup() {
  const feed = http.get(`${BASE_URL}/api/posts?limit=50`);
  check(feed, { 'there is a home feed': (answer) => answer.status === 200 });
  return feed.json('items').map((thread) => ({ id: thread.id, page: thread.url.replace(/^https?:\/\/[^/]+/, '') }));
}

/** Number 0 twice as often as number 1, and so on: Zipf's law, nearly. */
function popular(count) {
  return Math.floor(Math.pow(count + 1, Math.random())) - 1;
}

export default function browse(threads) {
  const thread = threads[popular(threads.length)];
  const paths = ['/', '/api/posts', '/api/boards', thread.page, `/api/threads/${thread.id}`];
  const answer = http.get(BASE_URL + paths[Math.floor(Math.random() * paths.length)]);
  check(answer, {
    'status is 200': (one) => one.status === 200,
    'answered within 500 ms': (one) => one.timings.duration < 500,
  });
  sleep(1);
}
