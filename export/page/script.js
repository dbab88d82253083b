"use strict";
(() => {
  const tools = document.getElementById("tools");
  const query = document.getElementById("query");
  const order = document.getElementById("order");
  const flagged = document.getElementById("flagged");
  const found = document.getElementById("found");
  const none = document.getElementById("none");
  const sorted = document.getElementById("sorted");
  const fold = (s) => s.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const sections = [...document.querySelectorAll("section.papers")];
  const papers = [...document.querySelectorAll("article")].map((element, index) => ({
    element, index, home: element.parentNode, next: element.nextSibling,
    text: fold(element.textContent), title: fold(element.querySelector("h3").textContent),
    year: Number(element.dataset.year), versions: Number(element.dataset.versions), updated: element.dataset.updated,
  }));
  const orders = {
    newest: (a, b) => b.updated.localeCompare(a.updated) || a.index - b.index,
    year: (a, b) => b.year - a.year || a.index - b.index,
    versions: (a, b) => b.versions - a.versions || a.index - b.index,
    title: (a, b) => a.title.localeCompare(b.title),
  };
  // Another order shows all papers in one run; the list's own order puts each back where it was.
  function arrange() {
    const compare = orders[order.value];
    if (compare) sorted.append(...[...papers].sort(compare).map((p) => p.element));
    else for (const p of [...papers].reverse()) p.home.insertBefore(p.element, p.next);
    sorted.hidden = !compare;
    filter();
  }
  function filter() {
    const words = fold(query.value).split(/\s+/).filter(Boolean);
    const narrowed = words.length > 0 || flagged.checked;
    let n = 0;
    for (const p of papers) {
      p.element.hidden = !(words.every((w) => p.text.includes(w)) && (!flagged.checked || "flagged" in p.element.dataset));
      if (!p.element.hidden) n++;
    }
    for (const again of document.querySelectorAll(".again")) again.hidden = words.length > 0 || (flagged.checked && !again.querySelector(".flags"));
    for (const section of sections) section.hidden = !sorted.hidden || (narrowed && !section.querySelector("article:not([hidden]), .again:not([hidden])"));
    none.hidden = n > 0 || !narrowed;
    found.textContent = narrowed ? `${n} of ${papers.length}` : "";
  }
  query.addEventListener("input", filter);
  flagged.addEventListener("change", filter);
  order.addEventListener("change", arrange);
  tools.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) {
      event.preventDefault();
      query.focus();
    }
  });
  tools.hidden = false;
})();
