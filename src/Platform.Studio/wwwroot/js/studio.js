// Entry point: registers our events with Blazor, starts it, and offers what components call.
import { startTextInputs } from "./text-input.js";
import { startCommands } from "./commands.js";
import { startComboboxes } from "./combobox.js";
import { startFiles } from "./files.js";
import { startGrids } from "./grid.js";
import { startPreferences } from "./preferences.js";
import { openDialog, openPopup, startPopups } from "./popups.js";

window.studio = {
  openDialog,
  openPopup,
  // Other rows than before begin at their first one.
  toTop() {
    document.querySelector("[data-ak-grid]")?.scrollTo(0, 0);
  },
  focus(id) {
    // The tab that holds the field may only just be on its way into the page.
    requestAnimationFrame(() => document.getElementById(id)?.focus());
  },
};

Blazor.registerCustomEventType("aktext", { createEventArgs: event => event.detail });
Blazor.registerCustomEventType("akcommand", { createEventArgs: event => event.detail });
Blazor.registerCustomEventType("akfile", { createEventArgs: event => event.detail });
Blazor.registerCustomEventType("akcancel", { createEventArgs: () => ({}) });
Blazor.registerCustomEventType("aknear", { createEventArgs: () => ({}) });

startPreferences();
startTextInputs();
startCommands();
startComboboxes();
startFiles();
startGrids();
startPopups();

Blazor.start();
