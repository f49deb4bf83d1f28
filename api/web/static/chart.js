// A chart is an addition: the table beside it says the same. Nothing is compiled in the page; vega's
// expressions are interpreted, since the policy of the pages allows no code that is made of text.
import { expressionInterpreter } from "/static/vendor/vega/vega-interpreter.js";

const LOOK = { background: "transparent", font: "system-ui, sans-serif" };

async function draw(place) {
  const given = JSON.parse(place.dataset.spec);
  const { spec } = vegaLite.compile(given, { config: LOOK });
  const runtime = vega.parse(spec, null, { ast: true });
  const view = new vega.View(runtime, {
    container: place,
    expr: expressionInterpreter,
    renderer: "svg",
  });
  await view.runAsync();
}

for (const place of document.querySelectorAll("[data-spec]")) {
  draw(place).catch(() => {
    place.textContent = "This chart could not be drawn; the table says the same.";
  });
}
