// "/" goes to the search field of the page, if it has one.
import { isTyping } from "./typing.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || isTyping(event)) return;
  const field = document.querySelector("input[type=search]");
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
