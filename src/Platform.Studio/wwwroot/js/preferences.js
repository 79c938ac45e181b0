// Theme and time zone live in cookies, so that the server's first response is right.
const kept = "; path=/; max-age=31536000; samesite=lax";

export function startPreferences() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `ak-time-zone=${encodeURIComponent(zone)}${kept}`;
  document.addEventListener("click", event => {
    const theme = event.target.closest?.("[data-ak-theme]")?.dataset.akTheme;
    if (!theme) return;
    document.documentElement.dataset.theme = theme;
    document.cookie = `ak-theme=${theme}${kept}`;
    mark();
  });
  document.addEventListener("toggle", mark, true);
}

function mark() {
  const theme = document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll("[data-ak-theme]"))
    button.setAttribute("aria-pressed", String(button.dataset.akTheme === theme));
}
