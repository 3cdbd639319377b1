/** Is the reader writing, choosing or in a dialog, so that single keys must not act? */
export function isTyping(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const target = event.target instanceof Element ? event.target : document.body;
  return Boolean(
    target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") ||
      document.querySelector("dialog[open], [popover]:popover-open"),
  );
}
