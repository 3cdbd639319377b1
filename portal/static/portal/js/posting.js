// Sending a few values to the site from a script. A refusal comes back as a sentence and is thrown as an Error with it.

/** The token of the page, which forms carry in a field and htmx in a header. */
function token() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
  } catch {
    return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  }
}

/** Post pairs of name and value; the JSON that comes back, or null when there is nothing to say. */
export async function post(url, pairs, failed) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": token(), "HX-Request": "true", Accept: "application/json" },
      body: new URLSearchParams(pairs),
    });
  } catch {
    throw new Error(failed);
  }
  const type = response.headers.get("content-type") ?? "";
  if (!response.ok) throw new Error(type.startsWith("text/plain") ? await response.text() : failed);
  return type.startsWith("application/json") ? response.json() : null;
}

export function toast(text, level = "success", more = {}) {
  document.dispatchEvent(new CustomEvent("atelier:toast", { detail: { text, level, ...more } }));
}
