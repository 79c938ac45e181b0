// Keyboard commands by event.code: with a Korean input method event.key may be a jamo.
import { flushFocused, isComposing } from "./text-input.js";

const commands = [
  { code: "KeyS", ctrl: true, name: "save" },
  { code: "Enter", ctrl: true, name: "save-close" },
  { code: "Enter", ctrl: true, shift: true, name: "save-new" },
  { code: "KeyN", alt: true, name: "new" },
];

export function startCommands() {
  document.addEventListener("keydown", event => {
    const command = commands.find(entry => matches(entry, event));
    if (command) run(command, event);
    else if (event.code === "F6") cycleRegions(event);
    else if (event.code === "Slash" && !event.ctrlKey && !event.altKey && !event.metaKey && !isComposing(event)) focusSearch(event);
    else if (event.target instanceof Element && event.target.closest('[role="tablist"]')) moveTab(event);
  });
  document.addEventListener("click", event => {
    const link = event.target.closest?.("a[data-ak-reload]");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    location.href = link.href;
  }, true);
  window.addEventListener("beforeunload", event => {
    flushFocused();
    if (document.querySelector('[data-ak-dirty="true"]')) event.preventDefault();
  });
  new MutationObserver(watchEnds).observe(document.body, { subtree: true, childList: true });
  watchEnds();
}

function matches(entry, event) {
  return event.code === entry.code
    && (event.ctrlKey || event.metaKey) === !!entry.ctrl && event.altKey === !!entry.alt && event.shiftKey === !!entry.shift;
}

function run(command, event) {
  const target = document.querySelector("[data-ak-commands]");
  if (!target) return;
  event.preventDefault();
  if (document.querySelector("dialog[open]")) return;
  // Ctrl+Enter in the middle of a syllable still commits it; a save takes what stands in the input.
  flushFocused();
  target.dispatchEvent(new CustomEvent("akcommand", { bubbles: true, detail: { name: command.name } }));
}

function cycleRegions(event) {
  const regions = [...document.querySelectorAll("[data-ak-region]")].filter(region => region.offsetParent !== null || region.tagName === "MAIN");
  if (regions.length === 0) return;
  event.preventDefault();
  const at = regions.findIndex(region => region.contains(document.activeElement));
  const innermost = regions.findLastIndex(region => region.contains(document.activeElement));
  const from = event.shiftKey ? at : innermost;
  const next = regions[(from + (event.shiftKey ? -1 : 1) + regions.length) % regions.length];
  (next.querySelector('a[href], button:not([disabled]), input, select, textarea, [tabindex="0"]') ?? next).focus();
}

function focusSearch(event) {
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector('[data-ak-shortcut="/"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
}

function moveTab(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.code];
  if (!step) return;
  const tabs = [...event.target.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  event.preventDefault();
  next.focus();
  next.click();
}

// Tells a list that its end comes near. One observer per element, dropped with it.
const watched = new WeakSet();
const ends = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries)
    if (isIntersecting) target.dispatchEvent(new CustomEvent("aknear", { bubbles: true }));
}, { rootMargin: "300px" });

function watchEnds() {
  for (const end of document.querySelectorAll("[data-ak-near]")) {
    if (watched.has(end)) continue;
    watched.add(end);
    ends.observe(end);
  }
}
