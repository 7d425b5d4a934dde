import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createClock } from '../js/utils/time.js';
import { uuid } from '../js/utils/uuid.js';

it('the clock stands until the first page has been taken over, then goes on for all times at once', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1000 });
  const { now$, start } = createClock();
  assert.equal(now$.get(), null);
  start();
  assert.equal(now$.get(), 1000);
  t.mock.timers.tick(30_000);
  assert.equal(now$.get(), 31_000);
});

it('identifiers are UUIDs of version 4, each another, also where the page is not secure', () => {
  const all = Array.from({ length: 1000 }, uuid);
  assert.equal(new Set(all).size, 1000);
  for (const one of all) assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
