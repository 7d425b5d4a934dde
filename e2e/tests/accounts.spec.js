// @ts-check
/** Joining, signing in and out, as people do it. */

import { PASSWORD } from '../rig/server.js';
import { expect, test } from '../rig/test.js';

/** @param {import('@playwright/test').Page} page @param {Record<string, string>} person */
async function fill(page, person) {
  for (const [name, value] of Object.entries(person)) {
    const field = page.locator(`[name="${name}"]`);
    const tag = await field.evaluate((element) => element.tagName);
    if (tag === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
}

const CARLA = {
  username: 'carla',
  email: 'carla@example.org',
  password: PASSWORD,
  age: '34',
  gender: 'female',
  first_name: 'Carla',
  last_name: 'Example',
};

test('somebody registers, opens a thread, signs out, and signs in by e-mail', async ({ page, board }) => {
  await page.goto('/register');
  await fill(page, CARLA);
  await page.locator('button[type=submit]').click();
  await expect(page.getByRole('link', { name: 'carla' }).first()).toBeVisible();

  await page.goto(`/b/${board.slug}/new`);
  await page.getByRole('textbox', { name: 'Title' }).fill('A cat of my own');
  await page.getByRole('textbox', { name: 'First post' }).fill('She is called *Ada*.');
  await page.getByRole('button', { name: 'Open thread' }).click();
  await expect(page.getByRole('heading', { name: 'A cat of my own' })).toBeVisible();
  await expect(page.locator('.prose em')).toHaveText('Ada');

  await page.goto('/settings');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible();
  expect((await page.request.get('/api/me')).status()).toBe(401);

  await page.goto('/login');
  await fill(page, { username: CARLA.email, password: PASSWORD });
  await page.locator('button[type=submit]').click();
  await expect(page.getByRole('link', { name: 'carla' }).first()).toBeVisible();
});

test('a bad form is stopped before any request leaves, and the first bad field has the focus', async ({ page, ann }) => {
  await page.goto('/register');
  await fill(page, { ...CARLA, username: 'x', email: 'nowhere', age: '7' });
  const requests = [];
  page.on('request', (request) => request.method() === 'POST' && requests.push(request.url()));
  await page.locator('button[type=submit]').click();
  await expect(page.locator('[name=username]')).toBeFocused();
  for (const name of ['username', 'email', 'age']) {
    await expect(page.locator(`[name=${name}]`)).toHaveAttribute('aria-invalid', 'true');
  }
  expect(requests).toEqual([]);
  void ann;
});

test('what the server finds wrong lands at its field, and the rest stays typed', async ({ page, ann }) => {
  await page.goto('/register');
  await fill(page, { ...CARLA, username: ann.nickname.toUpperCase(), email: 'another@example.org' });
  // The browser itself complains about the refused request; that is what this test is about.
  page.removeAllListeners('console');
  await page.locator('button[type=submit]').click();
  await expect(page.locator('[name=username]')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('[name=first_name]')).toHaveValue('Carla');
});

test('a wrong password says so and keeps the name', async ({ page, ann }) => {
  await page.goto('/login');
  await fill(page, { username: ann.nickname, password: 'not the password' });
  page.removeAllListeners('console');
  await page.locator('button[type=submit]').click();
  await expect(page.getByRole('alert').filter({ hasText: /\S/ }).first()).toBeVisible();
  await expect(page.locator('[name=username]')).toHaveValue(ann.nickname);
  await expect(page.locator('[name=password]')).toBeFocused();
});
