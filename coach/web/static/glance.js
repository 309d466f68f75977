// The live view on a phone: draws each state until the talk is over.
import { draw } from "./breath.js";

const stream = new EventSource(document.body.dataset.stream);
stream.onmessage = (message) => {
  const state = JSON.parse(message.data);
  if (state.stage === "live") return draw(state);
  stream.close();
  document.getElementById("phase").textContent = document.body.dataset.over;
  document.getElementById("who").replaceChildren();
  document.body.style.setProperty("--grown", 0);
};
