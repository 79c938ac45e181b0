// Uploads of file and image fields. A chosen or dropped file goes to the server at once; the form learns its id by an
// "akfile" event and saves it with the rest. Progress and the button that gives up are drawn in the field's
// [data-ak-transfer], which Blazor leaves empty.

const cancelled = Symbol("cancelled");

export function startFiles() {
  document.addEventListener("change", event => {
    const input = event.target;
    if (!isUpload(input) || !input.files.length) return;
    send(input, input.files[0]);
    input.value = ""; // the same file can be chosen again
  });
  for (const name of ["dragenter", "dragover"]) document.addEventListener(name, event => drag(event, true));
  document.addEventListener("dragleave", event => drag(event, false));
  document.addEventListener("drop", drop);
  // An image without a small one is shown whole.
  document.addEventListener("error", event => {
    const image = event.target;
    if (!(image instanceof HTMLImageElement) || !image.dataset.akFull) return;
    const full = image.dataset.akFull;
    delete image.dataset.akFull;
    image.src = full;
  }, true);
}

function isUpload(element) {
  return element instanceof HTMLInputElement && element.dataset.akUpload !== undefined;
}

function zoneOf(event) {
  return event.target instanceof Element && event.dataTransfer?.types.includes("Files") ? event.target.closest("[data-ak-drop]") : null;
}

function drag(event, over) {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.toggle("is-over", over);
}

function drop(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  // A file dropped beside a field must not replace the page and what was typed in it.
  event.preventDefault();
  const zone = zoneOf(event);
  zone?.classList.remove("is-over");
  const input = zone?.querySelector("[data-ak-upload]");
  if (input && event.dataTransfer.files.length) send(input, event.dataTransfer.files[0]);
}

async function send(input, file) {
  const zone = input.closest("[data-ak-drop]");
  const transfer = zone.querySelector("[data-ak-transfer]");
  transfer.cancel?.();
  if (file.size > Number(input.dataset.akMost)) {
    tell(zone, { code: "0x80044a02", message: "" });
    return;
  }
  const request = new XMLHttpRequest();
  const { bar, remove } = draw(transfer, input, file, () => request.abort());
  try {
    const taken = await upload(request, input.dataset.akUpload, file, share => { bar.value = share; });
    tell(zone, { ...taken, preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : "" });
  } catch (failure) {
    if (failure !== cancelled) tell(zone, failure);
  } finally {
    remove();
  }
}

function upload(request, address, file, progress) {
  return new Promise((done, fail) => {
    request.open("POST", address);
    request.setRequestHeader("x-ms-file-name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = event => { if (event.lengthComputable) progress(event.loaded / event.total); };
    request.onabort = () => fail(cancelled);
    request.onerror = () => fail({ code: "0", message: "" });
    request.onload = () => {
      const answer = read(request.responseText);
      if (request.status === 201 && answer?.id) done({ id: answer.id, name: answer.name, size: answer.size });
      else fail({ code: answer?.error?.code ?? "0", message: answer?.error?.message ?? "" });
    };
    request.send(file);
  });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a page to sign in, or a proxy's
  }
}

function draw(transfer, input, file, cancel) {
  const name = document.createElement("span");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", input.dataset.akProgress);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ak-button";
  button.textContent = input.dataset.akCancel;
  button.addEventListener("click", cancel);
  transfer.replaceChildren(name, bar, button);
  transfer.cancel = cancel;
  return {
    bar,
    remove() {
      if (transfer.cancel !== cancel) return; // another upload has taken its place
      const hadFocus = transfer.contains(document.activeElement);
      transfer.replaceChildren();
      transfer.cancel = null;
      if (hadFocus) input.focus();
    },
  };
}

function tell(zone, detail) {
  zone.dispatchEvent(new CustomEvent("akfile", { bubbles: true, detail }));
}
