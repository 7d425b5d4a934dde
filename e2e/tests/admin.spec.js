// @ts-check
/** Those who run the place: its pages show what is so, change it, and take it back. */

import { expect, test } from '../rig/test.js';

test.beforeEach(({ context, ann }) => ann.enters(context));

test('the community begins with what is so, and saving changes only what was changed', async ({ page, ann }) => {
  await ann.asks('PATCH', '/api/admin/site', { tagline: 'Talk of the town', registration: 'closed', minimum_age: 18 });
  await page.goto('/admin');
  await expect(page.getByLabel('Name')).toHaveValue('Folkmoot');
  await expect(page.getByLabel('In one line')).toHaveValue('Talk of the town');
  await expect(page.getByLabel('New accounts')).toHaveValue('closed');
  await expect(page.getByLabel('Minimum age')).toHaveValue('18');
  await page.getByLabel('Name').fill('The Moot');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.toast')).toHaveText('Saved');
  await expect(page.locator('.brand-name')).toHaveText('The Moot');
  const { site } = await ann.asks('GET', '/api/admin/site');
  expect(site).toMatchObject({ name: 'The Moot', tagline: 'Talk of the town', registration: 'closed', minimum_age: 18 });
  await ann.asks('PATCH', '/api/admin/site', { name: 'Folkmoot', tagline: '', registration: 'open', minimum_age: 13 });
});

test('a group has the people who were put into it, and comes back with them', async ({ page, ann, bob }) => {
  await page.goto('/admin/groups');
  await page.getByLabel('Name').fill('Night owls');
  await page.getByRole('button', { name: 'Make group' }).click();
  const members = page.getByRole('list', { name: 'Members of Night owls' });
  const nickname = page.getByLabel('Add somebody to Night owls');
  await expect(page.getByText('Nobody is in it yet.')).toBeVisible();
  await nickname.fill(bob.nickname);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(members.getByRole('link')).toHaveText([bob.nickname]);
  await expect(nickname).toHaveValue('');
  await page.reload();
  await expect(members.getByRole('link')).toHaveText([bob.nickname]);

  await page.getByRole('button', { name: 'Delete group' }).click();
  await expect(page.getByText('No groups yet')).toBeVisible();
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await expect(members.getByRole('link')).toHaveText([bob.nickname]);
  await ann.asks('DELETE', '/api/admin/groups/night-owls');
});

test('a board is made, changed and refused at the field that is wrong, and a click beside the form keeps it', async ({ page, board }) => {
  await page.goto('/admin/boards');
  await page.getByRole('button', { name: 'New board' }).click();
  const dialog = page.getByRole('dialog', { name: 'New board' });
  await dialog.getByLabel('Name').fill('Dogs');
  await page.mouse.click(5, 5);
  await expect(dialog.getByLabel('Name')).toHaveValue('Dogs');
  await dialog.getByLabel('Address').fill('dogs');
  await dialog.getByLabel('Slow mode').fill('99999');
  // The browser itself complains about the refused request.
  page.removeAllListeners('console');
  await dialog.getByRole('button', { name: 'Make board' }).click();
  await expect(dialog.getByLabel('Slow mode')).toBeFocused();
  await expect(dialog.getByLabel('Slow mode')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Slow mode').fill('0');
  await dialog.getByRole('button', { name: 'Make board' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('.table').getByRole('link', { name: 'Dogs' })).toBeVisible();
  await expect(page.locator('.rail').getByRole('link', { name: 'Dogs' })).toBeVisible();
  void board;
});

test('a role that the server refuses does not stay chosen, and one that it takes can be taken back', async ({ page, ann, bob }) => {
  await page.goto('/admin/people');
  const role = page.getByLabel(`Role of ${bob.nickname}`);
  await role.selectOption('moderator');
  await expect(page.locator('.toast')).toContainText('bob is now moderator');
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await expect(role).toHaveValue('member');

  page.removeAllListeners('console');
  await page.route('**/api/admin/people/*', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ status: 403, code: 'forbidden', detail: 'Not now.' }) }));
  await role.selectOption('admin');
  await expect(page.locator('.toast.bad')).toContainText('Not now.');
  await expect(role).toHaveValue('member');
  void ann;
});

test('the way back from a profile leads to the people one had looked for', async ({ page, bob }) => {
  await page.goto('/admin/people');
  await page.getByLabel('Find people').fill(bob.nickname);
  await expect(page).toHaveURL(/q=bob/);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.locator('tbody').getByRole('link', { name: bob.nickname }).click();
  await expect(page.locator('h1')).toContainText(bob.nickname);
  await page.goBack();
  await expect(page.getByLabel('Find people')).toHaveValue(bob.nickname);
  await expect(page.locator('tbody tr')).toHaveCount(1);
});
