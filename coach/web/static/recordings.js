// Takes recordings that are dropped or chosen, sends them one after another once somebody says so, and shows how far each has come.
import { post, tell } from "./coach.js";

const list = document.getElementById("jobs");
const texts = JSON.parse(list.dataset.texts);
const drop = document.getElementById("drop");
const chosen = document.getElementById("chosen");
const begin = document.getElementById("begin");
let files = []; // that are chosen and wait for "begin"
const sending = []; // names that are on their way

function choose(more) {
  files.push(...more);
  chosen.hidden = begin.disabled = files.length === 0;
  chosen.textContent = chosen.dataset.chosen.replace("{}", () => files.map((file) => file.name).join(", "));
}

async function send(taken) {
  const wanted = new URLSearchParams({ people: document.getElementById("people").value });
  if (document.getElementById("words").checked) wanted.set("words", "1");
  sending.push(...taken.map((file) => file.name));
  show(known);
  for (const file of taken) {
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

document.getElementById("files").addEventListener("change", (event) => {
  choose(event.target.files);
  event.target.value = ""; // so that the same file can be chosen again
});
begin.addEventListener("click", () => {
  const taken = files;
  files = [];
  choose([]);
  send(taken);
});
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", (event) => {
  if (!drop.contains(event.relatedTarget)) drop.classList.remove("over");
});
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  choose(event.dataTransfer.files);
});
look();
setInterval(look, 1000);
