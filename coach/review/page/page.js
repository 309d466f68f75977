"use strict";
// Draws the charts of the page and makes them answer to mouse, keyboard, window and printer. Asks nobody for anything.
(() => {
  const root = document.documentElement;
  const tip = document.getElementById("tip");
  const views = new Map(); // the element of a chart → its Vega view
  const MARGIN = 8; // pixels between a mark and what is told of it

  function tell(text, box) {
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const own = tip.getBoundingClientRect();
    const left = Math.min(Math.max(MARGIN, box.left + box.width / 2 - own.width / 2), innerWidth - own.width - MARGIN);
    const above = box.top - own.height - MARGIN;
    tip.style.left = `${Math.max(MARGIN, left)}px`;
    tip.style.top = `${above >= MARGIN ? above : box.bottom + MARGIN}px`;
  }

  function hovered(_handler, event, _item, text) {
    tell(text, { left: event.clientX, top: event.clientY - MARGIN, bottom: event.clientY + MARGIN, width: 0 });
  }

  // ------------------------------------------------------------------------------------------------- keyboard

  function marks(chart) {
    const said = [...chart.querySelectorAll("[aria-label]")].filter((each) => each.__data__?.tooltip);
    const place = (each) => each.__data__.datum?.start ?? 0;
    return said.sort((one, other) => place(one) - place(other));
  }

  function visible(each) {
    const box = each.getBoundingClientRect();
    const frame = each.closest(".drawing").getBoundingClientRect();
    return box.right >= frame.left && box.left <= frame.right;
  }

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  function walk(event) {
    const chart = event.currentTarget;
    if (event.key === "Escape") return void (tell(""), chart.focus());
    if (!(event.key in STEPS) && event.key !== "Home" && event.key !== "End") return;
    const all = marks(chart).filter(visible);
    if (!all.length) return;
    event.preventDefault();
    const here = all.indexOf(document.activeElement);
    const last = all.length - 1;
    const onward = here < 0 ? 0 : Math.min(last, Math.max(0, here + STEPS[event.key]));
    const next = all[event.key === "Home" ? 0 : event.key === "End" ? last : onward];
    next.setAttribute("tabindex", "-1");
    next.focus({ preventScroll: false });
  }

  function focused(event) {
    const text = event.target.__data__?.tooltip;
    tell(text || "", event.target.getBoundingClientRect());
  }

  // ----------------------------------------------------------------------------------------------------- zoom

  const SHORTEST = 4000; // milliseconds that are shown at the closest

  function span(view) {
    const [low, high] = view.scale("x").domain();
    return [+low, +high];
  }

  async function show(chart, low, high) {
    const { view, whole } = views.get(chart);
    const [first, last] = whole;
    const width = Math.min(Math.max(high - low, SHORTEST), last - first);
    const from = Math.min(Math.max(low, first), last - width);
    await view.signal("zoom_start", width >= last - first ? null : [from, from + width]).runAsync();
  }

  function zoomed(chart, how) {
    const { view, whole } = views.get(chart);
    const [low, high] = span(view);
    const width = high - low;
    const middle = (low + high) / 2;
    const to = {
      in: [middle - width / 4, middle + width / 4],
      out: [middle - width, middle + width],
      back: [low - width / 2, high - width / 2],
      on: [low + width / 2, high + width / 2],
      all: whole,
    }[how];
    return show(chart, ...to);
  }

  async function toMoment(seconds) {
    const chart = document.querySelector("#timeline .chart");
    if (!views.has(chart)) return;
    const at = seconds * 1000;
    await show(chart, at - 15000, at + 15000);
    chart.scrollIntoView({ block: "center" });
    chart.focus({ preventScroll: true });
    const near = (each) => Math.abs(each.__data__.datum.start - at);
    const [closest] = marks(chart).filter(visible).sort((one, other) => near(one) - near(other));
    if (closest) {
      closest.setAttribute("tabindex", "-1");
      closest.focus({ preventScroll: true });
    }
  }

  // ---------------------------------------------------------------------------------------------------- begin

  function unpacked(script) {
    const bytes = Uint8Array.from(atob(script.textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  }

  async function draw(chart) {
    const spec = await unpacked(chart.querySelector("script"));
    const place = chart.querySelector(".drawing");
    const { view } = await embed(place, spec, { ast: true, actions: false, renderer: "svg", tooltip: hovered });
    const zoom = chart.parentElement.querySelector(".zoom");
    views.set(chart, { view, whole: zoom ? span(view) : null });
    chart.addEventListener("keydown", walk);
    chart.addEventListener("focusin", focused);
    chart.addEventListener("focusout", () => tell(""));
    if (!zoom) return;
    zoom.hidden = false;
    for (const button of zoom.querySelectorAll("button")) {
      button.addEventListener("click", () => zoomed(chart, button.dataset.zoom));
    }
  }

  function themes() {
    const button = document.getElementById("theme");
    const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const name = () => (button.textContent = dark() ? button.dataset.light : button.dataset.dark);
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      name();
    });
    name();
  }

  function printing() {
    let theme;
    let opened = [];
    addEventListener("beforeprint", () => {
      theme = root.dataset.theme;
      root.dataset.theme = "light";
      opened = [...document.querySelectorAll("details.info:not([open])")];
      for (const each of opened) each.open = true;
    });
    addEventListener("afterprint", () => {
      if (theme) root.dataset.theme = theme;
      else delete root.dataset.theme;
      for (const each of opened) each.open = false;
    });
  }

  themes();
  printing();
  for (const button of document.querySelectorAll(".moment")) {
    button.addEventListener("click", () => toMoment(+button.dataset.at));
  }
  addEventListener("scroll", () => focused({ target: document.activeElement }), { passive: true });
  const charts = [...document.querySelectorAll(".chart")];
  Promise.all(charts.map(draw)).then(() => root.setAttribute("data-drawn", "yes"));
})();
