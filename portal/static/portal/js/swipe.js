// A finger that draws the picture of a .stage aside goes to its neighbour, as the arrows beside it do:
//   to the left  [data-key="next"]       to the right  [data-key="previous"]
// The picture follows the finger and comes back when there is nothing there, or when the way was too short. Two fingers
// and a picture that is zoomed in belong to the browser, and so does the edge of the screen.

const FAR = 56; // pixels that count as meant
const EDGE = 24;

let begun = null;

const stepOf = (stage, dx) => stage.querySelector(`[data-key="${dx < 0 ? "next" : "previous"}"]`);

function rest() {
  if (!begun) return;
  begun.picture.style.translate = "";
  begun = null;
}

document.addEventListener(
  "touchstart",
  ({ target, touches }) => {
    rest();
    const stage = target.closest?.(".stage");
    const picture = stage?.querySelector("img");
    const { clientX: x, clientY: y } = touches[0];
    const isEdge = x < EDGE || x > innerWidth - EDGE;
    if (!picture || touches.length > 1 || isEdge || (window.visualViewport?.scale ?? 1) > 1.01) return;
    begun = { stage, picture, x, y, dx: 0 };
  },
  { passive: true },
);

document.addEventListener(
  "touchmove",
  ({ touches }) => {
    if (!begun) return;
    const dx = touches[0].clientX - begun.x;
    const dy = touches[0].clientY - begun.y;
    if (touches.length > 1 || (!begun.dx && Math.abs(dy) > Math.abs(dx))) return rest();
    begun.dx = dx;
    const pull = stepOf(begun.stage, dx) ? 1 : 0.25;
    begun.picture.style.translate = `${Math.round(dx * pull)}px 0`;
  },
  { passive: true },
);

document.addEventListener(
  "touchend",
  () => {
    if (!begun) return;
    const { stage, dx } = begun;
    const step = Math.abs(dx) > FAR ? stepOf(stage, dx) : null;
    if (!step) return rest();
    begun = null; // stays where it is until the neighbour comes
    step.click();
  },
  { passive: true },
);

document.addEventListener("touchcancel", rest, { passive: true });
// Coming back with the Back button: the picture stands in its place again.
addEventListener("pageshow", () => {
  for (const picture of document.querySelectorAll(".stage img")) picture.style.translate = "";
});
