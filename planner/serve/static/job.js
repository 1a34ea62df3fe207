// How far a job is, as the workbench tells it; nothing moves but numbers, and the page is read anew once it has ended.
"use strict";

const job = document.getElementById("job");
if (job) {
  const at = id => document.getElementById(id), source = new EventSource(job.dataset.events);
  source.onmessage = event => {
    const now = JSON.parse(event.data);
    if (["ended", "lost"].includes(now.state)) { source.close(); location.reload(); return; }
    at("bar").value = now.done;
    at("step").textContent = `${now.step} ${now.detail}`;
    at("gap").textContent = now.gap || "–";
    at("left").textContent = now.left || "–";
    if (now.state === "working" && !now.is_stopping && at("state").textContent !== say("works")) at("state").textContent = say("works");
    if (at("lines").textContent !== now.lines) at("lines").textContent = now.lines;
  };
  source.onerror = () => notice(say("gone"));
  source.onopen = () => notice("");
}
