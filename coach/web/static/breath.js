// Draws the breath, who speaks, and the cue that sounded: on the table and on a phone.
const element = (id) => document.getElementById(id);
const drawn = { people: "", cue: 0 };
const still = matchMedia("(prefers-reduced-motion: reduce)");
const AHEAD = 1; // seconds; states come unevenly, and the circle grows on evenly in between
const SINKS = 0.5; // seconds in which it becomes small when somebody speaks, or full once the breath is over

// A text of the coach: as it is, or in the language of this page.
export const inLanguage = (text) => (typeof text === "string" ? text : (text[document.documentElement.lang] ?? text.en));

export function draw(state) {
  const body = document.body;
  grow(body, state.silence ?? 0, state.breath);
  body.classList.toggle("full", state.silence !== null && state.silence >= state.breath);
  body.classList.toggle("beginning", state.phase === "check-in");
  body.classList.toggle("hushed", state.phase === "hushed");
  const silence = element("silence");
  const told = state.silence !== null ? `${Math.floor(state.silence)} s` : state.somebody ? silence.dataset.somebody : "";
  if (silence.textContent !== told) silence.textContent = told;
  element("silent").hidden = state.silence === null;
  body.classList.toggle("unnamed", state.somebody);
  const phase = element("phase");
  const says = phase.dataset[state.phase === "check-in" ? "checkIn" : state.phase] ?? "";
  if (phase.textContent !== says) phase.textContent = says;
  if (state.saying !== undefined) element("saying").textContent = inLanguage(state.saying);
  people(state.people);
  cue(state.cue);
}

// While it is silent, the circle is on its way to where it will be a second from now, or when the breath is over.
function grow(body, silence, breath) {
  const moves = silence > 0 && silence < breath && !still.matches;
  const ahead = moves ? Math.min(AHEAD, breath - silence) : 0;
  body.style.setProperty("--takes", `${(moves ? ahead : SINKS).toFixed(2)}s`);
  body.style.setProperty("--grown", Math.min(1, (silence + ahead) / breath).toFixed(3));
}

function people(all) {
  const list = element("who");
  const names = all.map((each) => each.name).join("\n");
  if (names !== drawn.people) {
    drawn.people = names;
    list.replaceChildren(
      ...all.map((each) => {
        const item = document.createElement("li");
        const name = document.createElement("b");
        name.textContent = each.name;
        item.append(name, " ", document.createElement("span"));
        return item;
      }),
    );
  }
  all.forEach((each, place) => {
    const item = list.children[place];
    item.classList.toggle("speaks", each.heard);
    item.classList.toggle("learnt", Boolean(each.learnt));
    item.style.setProperty("--level", each.level);
    const says = each.heard ? list.dataset.speaks : list.dataset.quiet;
    if (item.lastChild.textContent !== says) item.lastChild.textContent = says;
  });
}

function cue(given) {
  const at = given?.at ?? 0;
  if (at === drawn.cue) return;
  drawn.cue = at;
  const place = element("cue");
  place.textContent = given ? (given.text ? `“${given.text}”` : place.dataset.tone) : "";
  place.classList.toggle("sounded", Boolean(given));
}
