/* Runs before the first paint, so that a dark page never flashes white. */
(function () {
  const root = document.documentElement
  const dark = window.matchMedia('(prefers-color-scheme: dark)')

  function wanted () {
    try { return localStorage.getItem('ts-theme') || 'auto' } catch (e) { return 'auto' }
  }

  function apply () {
    const choice = wanted()
    const shown = choice === 'auto' ? (dark.matches ? 'dark' : 'light') : choice
    root.setAttribute('data-bs-theme', shown)
    root.setAttribute('data-theme-choice', choice)
    document.dispatchEvent(new CustomEvent('ts:theme', { detail: { shown, choice } }))
  }

  apply()
  dark.addEventListener('change', apply)
  window.tsTheme = {
    set (choice) {
      try { localStorage.setItem('ts-theme', choice) } catch (e) { /* private window: this page only */ }
      apply()
    }
  }
})()
