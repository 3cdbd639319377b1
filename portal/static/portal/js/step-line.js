/**
 * Writes a step straight into the job's [data-job] part (components/job_progress.html) inside `root`.
 *
 * True if the job is there as one being made; else the fragment has to come first.
 */
export function showStep(root, { job, phase, step, steps }) {
  const part = root.querySelector(`[data-job="${CSS.escape(job)}"]`);
  const bar = part?.querySelector("progress");
  if (!bar) return false;
  const words = part.dataset[phase];
  if (words) {
    part.querySelector("[data-progress-text]").textContent = words.replace("{step}", step).replace("{steps}", steps);
  }
  if (phase === "denoising") {
    bar.max = steps;
    bar.value = step;
  } else {
    bar.removeAttribute("value");
  }
  return true;
}
