// What every page does: send its buttons and forms as JSON, and know whether a session runs. Asks nobody but this server.
const says = document.getElementById("says");

export async function post(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), keepalive: true });
    const told = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : { says: await answer.text() };
    return { ok: answer.ok, ...told };
  } catch {
    return { ok: false, says: document.body.dataset.server };
  }
}

export function tell(text) {
  says.textContent = text;
  says.hidden = !text;
}

async function send(path, body, button, form) {
  const label = button?.textContent;
  if (button) button.disabled = true;
  if (button?.dataset.busy) button.textContent = button.dataset.busy;
  const told = await post(path, body);
  tellName(told.place, told.says);
  tell(told.ok || told.place !== undefined ? "" : told.says);
  const done = form?.querySelector(".done");
  if (done) done.textContent = told.ok ? done.dataset.done : "";
  if (told.ok && told.to !== undefined) return told.to && told.to !== location.pathname ? location.assign(told.to) : again();
  if (button && !(told.ok && button.dataset.busy)) {
    button.disabled = false;
    if (button.dataset.busy) button.textContent = label;
  }
}

// The same page anew, with the same parts of it unfolded.
function again() {
  const open = [...document.querySelectorAll("details[id][open]")].map((each) => each.id);
  history.replaceState({ open }, "");
  location.reload();
}
for (const id of history.state?.open ?? []) document.getElementById(id)?.setAttribute("open", "");

function fields(form) {
  const body = {};
  for (const each of form.elements) {
    if (!each.name || (each.type === "radio" && !each.checked)) continue;
    const value = each.type === "checkbox" ? each.checked : each.value;
    const number = form.dataset.numbers?.split(" ").includes(each.name);
    if (each.name === "people") (body.people ??= []).push(value);
    else body[each.name] = number ? Number(value) : value;
  }
  return body;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-post]");
  if (button) send(button.dataset.post, JSON.parse(button.dataset.json), button);
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target.dataset.post, fields(event.target), event.submitter, event.target);
});

// A form that is kept at once is sent as soon as somebody leaves its field, so that nothing written in it is lost.
document.addEventListener("change", (event) => event.target.form?.matches("[data-at-once]") && event.target.form.requestSubmit());
document.addEventListener("input", (event) => {
  const done = event.target.form?.querySelector(".done");
  if (done) done.textContent = "";
});

// What is unfolded at the end of a page is brought into the window: behind "Forget this talk" is the button that does it.
document.addEventListener("toggle", ({ target }) => target.open && target.matches("details.small") && target.scrollIntoView({ block: "nearest" }), true);

// ------------------------------------------------------------------------------------------ whether a session runs

export const states = new EventTarget();
const stream = new EventSource("/stream");
const banner = document.getElementById("listening");
stream.onmessage = (message) => {
  const state = JSON.parse(message.data);
  banner.hidden = state.stage !== "live" || location.pathname === "/live";
  if (location.pathname === "/agree" && state.stage === "live") location.assign("/live");
  if (askedAloud && state.stage !== "live") tellWhoIsAsked(state);
  states.dispatchEvent(new CustomEvent("state", { detail: state }));
};
const askedAloud = document.getElementById("asked-aloud");
function tellWhoIsAsked(state) {
  if (state.stage === "begin") return location.assign(state.said_no ? "/?no=1" : "/");
  if (state.stage === "asking" && state.answers !== Number(askedAloud.dataset.answers)) return location.reload();
  askedAloud.hidden = !state.asked_aloud;
  const says = askedAloud.hidden ? "" : askedAloud.dataset.says.replace("{}", state.asked_aloud);
  if (askedAloud.textContent !== says) askedAloud.textContent = says;
}
stream.onerror = () => states.dispatchEvent(new CustomEvent("gone"));
addEventListener("pagehide", () => stream.close());

// --------------------------------------------------------------------------------------------------- the first page

// Which of the names cannot be, said beside it; `place` counts from 0.
const wrongName = document.getElementById("wrong-name");
function tellName(place, text) {
  if (!wrongName) return;
  const names = [...document.querySelectorAll("[name=people]")];
  names.forEach((each, at) => each.setAttribute("aria-invalid", at === place));
  wrongName.hidden = place === undefined;
  wrongName.textContent = wrongName.hidden ? "" : text;
  names[place]?.focus();
}

// Begin works again once the session of another window or terminal has ended.
const elsewhere = document.getElementById("elsewhere");
if (elsewhere) {
  const asked = setInterval(async () => {
    const answer = await fetch("/elsewhere").catch(() => undefined);
    if (!answer?.ok || (await answer.json()).session !== null) return;
    clearInterval(asked);
    elsewhere.hidden = true;
    const button = document.getElementById("begin");
    button.disabled = "noMicrophone" in button.dataset;
  }, 2000);
}

document.getElementById("more-people")?.addEventListener("click", (event) => {
  const button = event.target;
  const all = document.querySelectorAll(".name");
  const more = all[0].cloneNode(true);
  const name = button.dataset.name.replace("#", all.length + 1);
  const input = more.querySelector("input");
  more.querySelector("span").textContent = name;
  input.placeholder = name;
  input.value = "";
  input.setAttribute("aria-invalid", false);
  all[all.length - 1].after(more);
  input.focus();
  button.hidden = all.length + 1 >= Number(button.dataset.most);
});

document.getElementById("try")?.addEventListener("click", async (event) => {
  const button = event.target;
  const verdict = document.getElementById("verdict");
  const level = document.getElementById("level");
  button.disabled = true;
  tell("");
  verdict.textContent = button.dataset.trying;
  try {
    const microphone = document.querySelector("[name=microphone]").value;
    const answer = await fetch("/microphone", { method: "POST", body: JSON.stringify({ microphone }), headers: { "content-type": "application/json" } });
    if (!answer.ok) throw new Error((await answer.json()).says);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.map((each) => JSON.parse(each))) {
        if ("level" in line) level.value = line.level;
        else verdict.textContent = JSON.parse(button.dataset.verdicts)[line.verdict];
      }
    }
  } catch (fault) {
    verdict.textContent = fault.message;
  }
  level.value = 0;
  button.disabled = false;
});

document.getElementById("hear-voice")?.addEventListener("click", async ({ target: button }) => {
  const label = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  const told = await post("/hear-voice", { voice: document.querySelector("[name=voice]").value });
  tell(told.ok ? "" : told.says);
  button.textContent = label;
  button.disabled = false;
});

// ------------------------------------------------------------------------------------------------------ looking back

document.getElementById("print")?.addEventListener("click", () => print());

document.getElementById("find")?.addEventListener("input", (event) => {
  const wanted = event.target.value.toLocaleLowerCase();
  for (const line of document.querySelectorAll("#transcript li")) {
    line.hidden = !line.textContent.toLocaleLowerCase().includes(wanted);
    highlight(line.querySelector(".said"), wanted);
  }
});

// Where `wanted`, in small letters, stands in the text of `said`, in colour.
function highlight(said, wanted) {
  const text = said.textContent;
  const small = text.toLocaleLowerCase();
  const parts = [];
  let from = 0;
  if (wanted && small.length === text.length) { // a few letters become two when they are made small
    for (let at; (at = small.indexOf(wanted, from)) >= 0; from = at + wanted.length) {
      parts.push(text.slice(from, at), Object.assign(document.createElement("mark"), { textContent: text.slice(at, at + wanted.length) }));
    }
  }
  said.replaceChildren(...parts, text.slice(from));
}

const sound = document.querySelector("audio");
let until = Infinity;
for (const button of document.querySelectorAll(".hear")) {
  button.addEventListener("click", () => {
    until = Number(button.dataset.to);
    sound.currentTime = Number(button.dataset.from);
    sound.play();
  });
}
sound?.addEventListener("timeupdate", () => {
  if (sound.currentTime < until) return;
  until = Infinity;
  sound.pause();
});
