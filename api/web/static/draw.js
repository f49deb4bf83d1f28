// Runs in the editor's own frame and speaks with the page in messages only.
"use strict";

const one_line = /^\S+$/;
// What only a pattern can say, the editor cannot read back.
const pattern = /[~;,&!$]|\[[^\]]*[#XRDv]/;
// A numbered atom is a position: what it may carry is for the rules to say.
const position = (smiles) => smiles.replace(/\[([A-Za-z][a-z]?)H\d*(:\d+)\]/g, "[$1$2]");

window.jsmeOnLoad = () => {
  // A query may leave atoms and bonds open, and its atoms are numbered one by one.
  const query = "query" in document.getElementById("jsme").dataset;
  const options = query ? "oldlook,query,number,nopaste" : "oldlook,star,nopaste";
  const editor = new JSApplet.JSME("jsme", "100%", "100%", { options });
  window.editor = editor;
  let shown = false;

  editor.setCallBack("AfterStructureModified", (event) => {
    const smiles = event.src.smiles();
    if (shown) parent.postMessage({ smiles: query ? position(smiles) : smiles }, location.origin);
  });

  window.addEventListener("message", (message) => {
    if (message.origin !== location.origin || message.source !== parent) return;
    const text = String(message.data.show ?? "").trim();
    if (one_line.test(text) && !(query && pattern.test(text))) editor.readGenericMolecularInput(text);
    shown = true;
  });
  parent.postMessage({ ready: true }, location.origin);
};
