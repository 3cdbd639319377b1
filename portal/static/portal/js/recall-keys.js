// Keys that begin with a picture's settings, on walls, on the page of a picture and in the lightbox:
//   A  all of them    R  all but the seed    S  the seed    P  the prompts
// Where they lead says [data-recall-url]: the form of the picture's project; nothing happens where there is none, and
// A and R are left to a reviewer who is deciding.
// V compares two to four pictures; where says [data-compare-url].
import { onPictureKey } from "./picture-keys.js";

const KEPT = { a: "all", r: "no-seed", s: "seed", p: "prompts" };

/** What the open lightbox says goes before what the page says. */
const addressIn = (name) => {
  const found = document.querySelector(`dialog[open][data-picture-keys] [${name}]`) ?? document.querySelector(`[${name}]`);
  return found?.getAttribute(name);
};

const isDeciding = () =>
  !document.querySelector("dialog[open]") && document.querySelector('review-keys [data-key="approve"]');

for (const [key, keep] of Object.entries(KEPT)) {
  onPictureKey(
    key,
    ([uid]) => {
      const address = addressIn("data-recall-url");
      if (!address || ((key === "a" || key === "r") && isDeciding())) return false;
      location.assign(`${address}?${new URLSearchParams({ from: uid, keep })}`);
      return true;
    },
    { needs: "one" },
  );
}

onPictureKey("v", (uids) => {
  const address = addressIn("data-compare-url");
  if (!address || uids.length < 2 || uids.length > 4) return false;
  location.assign(`${address}?${new URLSearchParams(uids.map((uid) => ["id", uid]))}`);
  return true;
});
