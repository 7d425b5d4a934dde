// @ts-check
// The chosen theme before the first paint: the one classic script, so small that nothing waits for it.
// `components/Theme.js` keeps the choice under the same key.
try {
  const theme = localStorage.getItem('folkmoot.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage there is no choice to keep.
}
