// Sends recordings that were dropped or chosen, one after another, and shows how far each has come.
import { post, tell } from "./coach.js";

const list = document.getElementById("jobs");
const texts = JSON.parse(list.dataset.texts);
const drop = document.getElementById("drop");
const sending = []; // names that are on their way

async function send(files) {
  const wanted = new URLSearchParams({ people: document.getElementById("people").value });
  if (document.getElementById("words").checked) wanted.set("words", "1");
  sending.push(...Array.from(files, (file) => file.name));
  show(known);
  for (const file of files) {
    wanted.set("name", file.name);
    const answer = await fetch(`/recordings?${wanted}`, { method: "POST", body: file }).catch(() => undefined);
    sending.shift();
    if (!answer) tell(document.body.dataset.server);
    else if (!answer.ok) tell(answer.headers.get("content-type")?.startsWith("application/json") ? (await answer.json()).says : await answer.text());
    await look();
  }
}

let known = [];

function show(jobs) {
  known = jobs;
  list.replaceChildren(
    ...sending.map((name) => line(name, texts.sending)).reverse(),
    ...jobs.map((job) => {
      const item = line(job.name, job.says || texts[job.stage]);
      if (job.stage === "running") item.append(Object.assign(document.createElement("progress"), { value: job.done, ariaLabel: job.name }));
      if (job.stage === "done") item.append(Object.assign(document.createElement("a"), { href: `/session/${job.session}`, textContent: texts.look }));
      if (job.stage === "running" || job.stage === "waiting") {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: texts.cancel });
        button.addEventListener("click", () => post("/recordings/cancel", { number: job.number }).then(look));
        item.append(button);
      }
      return item;
    }),
  );
}

function line(name, says) {
  const item = document.createElement("li");
  item.className = "card row";
  const title = Object.assign(document.createElement("b"), { textContent: name });
  const told = Object.assign(document.createElement("span"), { textContent: says, className: "quiet grow" });
  item.append(title, told);
  return item;
}

async function look() {
  const answer = await fetch("/recordings/state").catch(() => undefined);
  if (!answer?.ok) return;
  const jobs = await answer.json();
  if (JSON.stringify(jobs) !== JSON.stringify(known) || list.childElementCount !== jobs.length + sending.length) show(jobs);
}

document.getElementById("files").addEventListener("change", (event) => send(event.target.files));
drop.addEventListener("dragover", (event) => event.preventDefault());
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  send(event.dataTransfer.files);
});
look();
setInterval(look, 1000);
