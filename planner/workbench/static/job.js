// How far a job is, as the workbench tells it; nothing moves but numbers. The page is read anew once it begins, is stopped or ends.
"use strict";

const job = document.getElementById("job");
if (job) {
  const at = id => document.getElementById(id), source = new EventSource(job.dataset.events);
  source.onmessage = event => {
    const now = JSON.parse(event.data);
    if (now.state !== job.dataset.state || String(now.is_stopping) !== job.dataset.stopping) { source.close(); location.reload(); return; }
    at("bar").value = now.done;
    at("step").textContent = now.step ? `${now.step} ${now.detail}` : "–";
    at("gap").textContent = now.gap || "–";
    at("left").textContent = now.left || "–";
    if (at("lines").textContent !== now.lines) at("lines").textContent = now.lines;
  };
  source.onerror = () => notice(say("gone"));
  source.onopen = () => notice("");
}
