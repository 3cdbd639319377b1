// <copy-button data-text data-done><button>: copies the text and says so for a moment.

class CopyButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  async handleEvent(event) {
    const button = event.target.closest("button");
    if (!button) return;
    await copy(this.dataset.text);
    const words = button.querySelector("span");
    const name = words ? words.textContent : button.ariaLabel;
    this.say(button, words, this.dataset.done);
    clearTimeout(this.timer);
    this.before ??= name;
    this.timer = setTimeout(() => {
      this.say(button, words, this.before);
      this.before = null;
    }, 1600);
  }

  say(button, words, text) {
    if (words) words.textContent = text;
    else {
      button.ariaLabel = text;
      button.title = text;
    }
  }
}

/** The clipboard is there only over https and on localhost; elsewhere the old way still works. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

customElements.define("copy-button", CopyButton);
