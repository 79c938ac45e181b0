// Dialogs and popups stand on the browser's own elements; this only opens and places them and tells the server when
// the user closes one.

export function openDialog(dialog) {
  if (dialog.open) return;
  const opener = document.activeElement;
  dialog.addEventListener("cancel", event => {
    event.preventDefault(); // The server removes the dialog, or keeps it.
    dialog.dispatchEvent(new CustomEvent("akcancel", { bubbles: true }));
  });
  // The server takes the element away; focus goes back to where it was.
  const observer = new MutationObserver(() => {
    if (dialog.isConnected) return;
    observer.disconnect();
    if (opener?.isConnected && document.activeElement === document.body) opener.focus();
  });
  observer.observe(document.body, { subtree: true, childList: true });
  dialog.showModal();
}

export function openPopup(popup, anchorId) {
  popup.addEventListener("toggle", event => {
    if (event.newState === "closed") popup.dispatchEvent(new CustomEvent("akcancel", { bubbles: true }));
  });
  popup.showPopover();
  const anchor = document.getElementById(anchorId);
  if (anchor?.checkVisibility()) place(popup, anchor);
  else centre(popup); // A phone shows no column headers.
  (popup.querySelector("input") ?? popup.querySelector("select"))?.focus();
}

export function startPopups() {
  document.addEventListener("toggle", event => {
    const popup = event.target;
    if (event.newState !== "open" || !popup.id || popup.classList.contains("ak-sheet")) return;
    const anchor = [...document.querySelectorAll(`[popovertarget="${popup.id}"]`)].find(button => button.offsetParent !== null);
    if (anchor) place(popup, anchor);
  }, true);
  document.addEventListener("click", event => {
    const popup = event.target.closest?.("[popover]");
    if (popup && event.target.closest("a, [data-ak-close]")) popup.hidePopover();
  });
}

function centre(popup) {
  popup.style.left = `${(innerWidth - popup.offsetWidth) / 2}px`;
  popup.style.top = `${Math.max(8, innerHeight / 4)}px`;
}

// Below the anchor, on its side of the window, never outside.
function place(popup, anchor) {
  const at = anchor.getBoundingClientRect();
  const gap = 4;
  const margin = 8;
  const width = popup.offsetWidth;
  const below = at.bottom + gap + popup.offsetHeight <= innerHeight - margin;
  const left = at.left + width > innerWidth - margin ? at.right - width : at.left;
  popup.style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`;
  popup.style.top = `${below ? at.bottom + gap : Math.max(margin, at.top - gap - popup.offsetHeight)}px`;
}
