// <review-keys> around a page where a picture is decided or leafed through. Keys press what carries the mark:
//   A  [data-key="approve"]    R  [data-key="reject"]    C  [data-key="comment"] (a field: gets the focus)
//   →  [data-key="next"]       ←  [data-key="previous"]
// Nothing happens while somebody writes, and nothing that the page does not offer.
import { isTyping } from "./typing.js";

const MARKS = { a: "approve", r: "reject", c: "comment", ArrowRight: "next", ArrowLeft: "previous" };

class ReviewKeys extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.key === "Escape" && event.target.matches?.("[data-key]")) event.target.blur();
    if (event.repeat || isTyping(event)) return;
    const mark = MARKS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const target = mark && this.querySelector(`[data-key="${mark}"]`);
    if (!target || target.disabled) return;
    event.preventDefault();
    if (target.matches("input, textarea")) target.focus();
    else target.click();
  }
}

customElements.define("review-keys", ReviewKeys);
