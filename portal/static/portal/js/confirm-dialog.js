// <confirm-dialog>: a button with data-open, a <dialog>, buttons with data-close. Newer browsers open it without
// scripts (command="show-modal"); this serves the others, closes on a click beside it, and guards the last button.

class ConfirmDialog extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("submit", this);
  }

  handleEvent(event) {
    const dialog = this.querySelector("dialog");
    if (event.type === "submit") {
      event.submitter?.setAttribute("aria-busy", "true");
      return;
    }
    if (event.target.closest("[data-open]")) {
      event.preventDefault(); // also stops the browser's own command, so that it opens once
      if (!dialog.open) dialog.showModal();
    } else if (event.target === dialog || event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  }
}

customElements.define("confirm-dialog", ConfirmDialog);
