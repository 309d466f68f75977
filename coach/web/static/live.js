// The live view: draws each state, takes keys, and leaves when the session has ended.
import { draw, inLanguage } from "./breath.js";
import { post, states, tell } from "./coach.js";

const notices = document.getElementById("notices");
const hush = document.getElementById("hush");
let told = "";

states.addEventListener("state", ({ detail: state }) => {
  tell("");
  if (state.stage !== "live") return leave(state);
  draw(state);
  const says = state.phase === "hushed" ? hush.dataset.on : hush.dataset.hush;
  if (hush.textContent !== says) hush.textContent = says;
  for (const id of ["asking", "yes"]) document.getElementById(id).hidden = !state.asking;
  document.getElementById("skip").hidden = state.phase !== "check-in";
  const skips = document.getElementById("skips");
  if (skips) skips.hidden = state.phase !== "check-in";
  document.getElementById("unanswered").hidden = !state.unanswered;
  const aloud = document.getElementById("aloud");
  if (aloud) aloud.hidden = !state.aloud;
  document.getElementById("late").hidden = !state.late;
  const lines = state.notices.map(inLanguage);
  if (lines.join("\n") === told) return;
  told = lines.join("\n");
  notices.replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
});
states.addEventListener("gone", () => tell(document.body.dataset.gone));

function leave(state) {
  if (state.stage === "ended" && state.session) location.assign(`/session/${state.session}`);
  else if (state.stage === "ended") location.assign(`/?nothing=${encodeURIComponent(state.why)}`);
  else location.assign("/");
}

const KEYS = { h: "hush", m: "mark", y: "yes", q: "end" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !(event.key in KEYS)) return;
  post("/command", { command: KEYS[event.key] });
});

// The display of this machine stays on while the page can be seen, where the browser offers that.
const stayOn = () => document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => undefined);
document.addEventListener("visibilitychange", stayOn);
stayOn();
