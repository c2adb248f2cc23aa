// The frame of the page Présentation: gives the player what the page sends, tells the page which
// scene shows. Nothing else passes: the presentation goes on when the server does not answer.
(() => {
  "use strict";
  const BAR = 74;
  const QUIET_MS = 500;
  const root = document.getElementById("presentation");
  let player = null;
  let loading = null;
  let shown = "";
  let ask = null;
  let height = 0;
  let telling = 0;

  const send = (type, content = {}) =>
    window.parent.postMessage({ isStreamlitMessage: true, type, ...content }, window.location.origin);

  const style = (href) =>
    new Promise((resolve, reject) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
      Object.assign(link, { onload: resolve, onerror: () => reject(new Error(href)) });
      document.head.append(link);
    });

  const script = (src) =>
    new Promise((resolve, reject) => {
      const node = Object.assign(document.createElement("script"), { src, async: false });
      Object.assign(node, { onload: resolve, onerror: () => reject(new Error(src)) });
      document.head.append(node);
    });

  const load = ({ scripts, styles }) => {
    loading = loading || Promise.all([...styles.map(style), ...scripts.map(script)]);
    return loading;
  };

  const measure = () => {
    if (document.fullscreenElement || (player && player.screen.full)) return;
    const width = document.documentElement.clientWidth;
    const wanted = Math.round(width < 640 ? width * 1.3 : (width * 9) / 16) + BAR;
    if (!width || wanted === height) return;
    height = wanted;
    send("streamlit:setFrameHeight", { height });
  };

  const tell = (index) => {
    clearTimeout(telling);
    if (!navigator.onLine) return;
    telling = setTimeout(() => {
      if (player && player.screen.full) return tell(player.index);
      if (ask.index === index) return undefined;
      ask.index = index;
      return send("streamlit:setComponentValue", {
        value: { scene: index, serial: Date.now() }, dataType: "json",
      });
    }, QUIET_MS);
  };

  const render = async (args) => {
    await load(args);
    const content = JSON.stringify(args.payload);
    const moved = !ask || args.ask !== ask.serial;
    if (moved) ask = { serial: args.ask, index: args.index };
    if (!player) {
      player = window.clsmPlayer.start(root, args.payload, { index: args.index, onScene: tell });
      window.clsmPresentation = player;
    } else if (content !== shown) {
      player.update(args.payload, moved ? args.index : player.wanted);
    } else if (moved) {
      player.go(args.index);
    }
    shown = content;
    if (window.frameElement) window.frameElement.title = `Présentation : ${args.payload.titre}`;
    measure();
  };

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data.type !== "streamlit:render") return;
    render(event.data.args).catch((error) => {
      console.error(error);
      root.textContent = "La présentation n’a pas pu être chargée : rechargez la page.";
    });
  });
  window.addEventListener("resize", measure);
  send("streamlit:componentReady", { apiVersion: 1 });
  measure();
})();
