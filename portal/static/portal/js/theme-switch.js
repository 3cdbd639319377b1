// <theme-switch> around the form of components/theme_switch.html: the theme changes at once, the server keeps it.

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this);
  }

  async handleEvent(event) {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    const form = event.target;
    const body = new FormData(form, button);
    document.documentElement.dataset.theme = button.value;
    for (const other of document.querySelectorAll("theme-switch button")) {
      other.ariaPressed = String(other.value === button.value);
    }
    try {
      await fetch(form.action, { method: "POST", body, redirect: "manual" });
    } catch {
      form.submit(); // offline: let the browser say so
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
