// The front end's table of contents: each module defines one custom element or one habit of the page.
// Elements are light-DOM and start by themselves when their markup appears, also after an htmx swap.
import "./menus.js";
import "./shortcuts.js";
import "./toast-area.js";
import "./theme-switch.js";
import "./copy-button.js";
import "./confirm-dialog.js";
import "./live-events.js";
import "./live-request.js";
import "./notify-done.js";
import "./live-queue.js";
import "./select-rows.js";
import "./prompt-form.js";
import "./ask-form.js";
import "./input-picture.js";
import "./lora-choice.js";
import "./ask-estimate.js";
import "./picture-keys.js";
import "./picture-wall.js";
import "./review-keys.js";
import "./selection-bar.js";
import "./operations-dock.js";
import "./swipe.js";
