// <wall-density>: how large the pictures of walls are, in three steps, remembered by this browser.
// On a wide screen that is the wished height of a row, on a phone the number of squares beside each other.

const KEY = "atelier:density";
const DENSITIES = {
  small: { row: 150, columns: 5 },
  medium: { row: 230, columns: 3 },
  large: { row: 350, columns: 2 },
};
let chosen;

function nameOf() {
  if (chosen) return chosen;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // this browser keeps nothing
  }
  return (chosen = chosen in DENSITIES ? chosen : "medium");
}

export const densityOf = () => DENSITIES[nameOf()];

class WallDensity extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", this);
    this.show();
  }

  handleEvent(event) {
    const button = event.target.closest("button");
    if (!button) return;
    chosen = button.value;
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // it holds as long as the page
    }
    this.show();
    document.dispatchEvent(new Event("atelier:density"));
  }

  show() {
    for (const button of this.querySelectorAll("button")) button.ariaPressed = String(button.value === nameOf());
  }
}

customElements.define("wall-density", WallDensity);
