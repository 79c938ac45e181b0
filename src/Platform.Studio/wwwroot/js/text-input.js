// Text inputs that a Korean input method can trust.
//
// The input owns its text. What the user typed goes to the server after a pause as an "aktext" event, never while a
// syllable is being composed (except in search boxes, where nothing is written back). What the server wants to show
// arrives in data-ak-text with a new data-ak-revision; it waits while the user composes, and is dropped when the user
// has typed on since.

const pauses = { text: 150, search: 200 };
const graceAfterComposition = 50; // Safari sends the Enter that ended a composition after compositionend.
const states = new WeakMap();

export function startTextInputs() {
  // From here on it is known what the input held: a text of the server that comes before the first key is shown, too.
  document.addEventListener("focusin", event => on(event, () => {}), true);
  document.addEventListener("compositionstart", event => on(event, state => { state.composing = true; }), true);
  document.addEventListener("compositionend", event => on(event, (state, input) => {
    state.composing = false;
    state.composedAt = performance.now();
    if (!applyHeld(state, input)) later(state, input);
  }), true);
  document.addEventListener("input", event => on(event, (state, input) => {
    if (!state.composing || input.dataset.akMode === "search") later(state, input);
  }), true);
  document.addEventListener("focusout", event => on(event, (state, input) => {
    state.composing = false;
    if (!applyHeld(state, input)) report(state, input, true);
  }), true);
  document.addEventListener("keydown", event => on(event, (state, input) => {
    if (event.code === "Enter" && !isComposing(event) && input.tagName === "INPUT") report(state, input, true);
  }), true);
  new MutationObserver(changes => changes.forEach(change => receive(change.target)))
    .observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ak-revision"] });
}

// True for a key that belongs to the input method: it commits a syllable and means nothing else.
export function isComposing(event) {
  if (event.isComposing || event.keyCode === 229) return true;
  const state = states.get(event.target);
  return state !== undefined && performance.now() - state.composedAt < graceAfterComposition;
}

// Reports what the focused input holds at this moment, a half-composed syllable included.
export function flushFocused() {
  const input = document.activeElement;
  if (isOurs(input)) report(stateOf(input), input, true);
}

// Forgets what was typed but not yet reported; the server's next text takes its place.
export function dropUnreported(input) {
  const state = stateOf(input);
  clearTimeout(state.timer);
  state.sent = input.value;
  state.final = true;
}

function on(event, act) {
  if (isOurs(event.target)) act(stateOf(event.target), event.target);
}

function isOurs(element) {
  return element instanceof HTMLElement && element.dataset.akMode !== undefined;
}

function stateOf(input) {
  let state = states.get(input);
  if (!state) states.set(input, state = { composing: false, composedAt: -Infinity, sent: input.dataset.akText ?? "", held: null, timer: 0, final: true });
  return state;
}

function later(state, input) {
  clearTimeout(state.timer);
  state.final = false;
  state.timer = setTimeout(() => report(state, input, false), pauses[input.dataset.akMode]);
}

function report(state, input, final) {
  clearTimeout(state.timer);
  const value = input.value;
  if (value === state.sent && (!final || state.final)) return;
  state.sent = value;
  state.final = final;
  input.dispatchEvent(new CustomEvent("aktext", { bubbles: true, detail: { value, final } }));
}

function receive(input) {
  if (!isOurs(input)) return;
  const state = stateOf(input);
  const text = input.dataset.akText ?? "";
  const focused = document.activeElement === input;
  if (focused && state.composing) state.held = text;
  else if (!focused || input.value === state.sent) show(state, input, text);
}

function applyHeld(state, input) {
  const text = state.held;
  state.held = null;
  if (text === null || input.value !== state.sent) return false;
  show(state, input, text);
  return true;
}

function show(state, input, text) {
  clearTimeout(state.timer);
  state.sent = text;
  if (input.value !== text) input.value = text;
}
