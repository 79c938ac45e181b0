// Opens and closes the list of a combobox and moves its active option. The options themselves, and what choosing one
// means, are the server's: choosing is a click on the option.
import { dropUnreported, isComposing } from "./text-input.js";

export function startComboboxes() {
  document.addEventListener("focusin", event => { if (inputOf(event)) open(event.target); });
  document.addEventListener("input", event => { if (inputOf(event)) open(event.target); });
  document.addEventListener("focusout", event => { if (inputOf(event)) close(event.target); });
  document.addEventListener("keydown", onKey, true);
  // A press on the list must not take the focus from the input, else the list closes before the click.
  document.addEventListener("mousedown", event => { if (event.target.closest?.(".ak-listbox")) event.preventDefault(); });
  document.addEventListener("click", event => {
    const option = event.target.closest?.('.ak-listbox [role="option"]');
    if (option) choose(option.closest("[data-ak-combobox]").querySelector('[role="combobox"]'));
    else if (inputOf(event)) open(event.target);
  });
}

function inputOf(event) {
  return event.target instanceof Element && event.target.matches('[data-ak-combobox] [role="combobox"]');
}

function listOf(input) {
  return document.getElementById(input.getAttribute("aria-controls"));
}

function open(input) {
  listOf(input).hidden = false;
  input.setAttribute("aria-expanded", "true");
}

function close(input) {
  listOf(input).hidden = true;
  input.setAttribute("aria-expanded", "false");
  activate(input, null);
}

// Words typed a moment before the choice must not reach the server after it: they would take its place.
function choose(input) {
  dropUnreported(input);
  close(input);
}

function activate(input, option) {
  listOf(input).querySelector(".is-active")?.classList.remove("is-active");
  option?.classList.add("is-active");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function onKey(event) {
  if (!inputOf(event) || isComposing(event) || event.ctrlKey || event.metaKey) return;
  const input = event.target;
  const list = listOf(input);
  const options = [...list.querySelectorAll('[role="option"]')];
  const active = list.querySelector('[role="option"].is-active');
  switch (event.code) {
    case "ArrowDown":
    case "ArrowUp": {
      event.preventDefault();
      if (list.hidden) open(input);
      if (options.length === 0) return;
      const step = event.code === "ArrowDown" ? 1 : -1;
      const at = active ? options.indexOf(active) + step : step > 0 ? 0 : options.length - 1;
      activate(input, options[(at + options.length) % options.length]);
      break;
    }
    case "Enter":
      if (list.hidden) return;
      event.preventDefault();
      event.stopPropagation();
      (active ?? (options.length === 1 ? options[0] : null))?.click();
      break;
    case "Escape":
      if (list.hidden) return;
      event.preventDefault();
      event.stopPropagation();
      close(input);
      break;
  }
}
