// The screen: full screen with nothing around, black screen, the spot that follows the pointer.

class Screen {
  constructor(root, onChange) {
    Object.assign(this, { root, onChange, laser: false });
    this.black = el("div", "clsm-noir", root);
    this.black.hidden = true;
    this.spot = el("div", "clsm-pointeur", root);
    this.spot.hidden = true;
    root.addEventListener("pointermove", (event) => this.follow(event));
    document.addEventListener("fullscreenchange", () => this.settle());
  }

  get full() {
    return document.fullscreenElement === this.root || this.root.classList.contains("clsm-couvre");
  }

  async toggle() {
    if (this.full) return this.leave();
    if (this.root.requestFullscreen) {
      try {
        await this.root.requestFullscreen({ navigationUI: "hide" });
        return undefined;
      } catch (refusal) {
        if (!(refusal instanceof TypeError)) throw refusal;
      }
    }
    return this.cover(true);
  }

  leave() {
    if (document.fullscreenElement) return document.exitFullscreen();
    return this.cover(false);
  }

  // Where full screen is refused, the frame covers the window of the page.
  cover(on) {
    this.root.classList.toggle("clsm-couvre", on);
    const frame = window.frameElement;
    if (frame) {
      if (on) this.framed = frame.getAttribute("style") || "";
      frame.style.cssText = on
        ? "position:fixed;inset:0;width:100vw;height:100vh;z-index:2147483647;border:0;background:#fff"
        : this.framed || "";
    }
    this.settle();
  }

  settle() {
    this.root.classList.toggle("clsm-plein", this.full);
    this.root.focus({ preventScroll: true });
    this.onChange(this.full);
  }

  get dark() {
    return !this.black.hidden;
  }

  blacken(on) {
    this.black.hidden = !on;
  }

  point(on) {
    this.laser = on;
    this.root.classList.toggle("clsm-pointe", on);
    if (!on) this.spot.hidden = true;
    else if (this.last) this.follow(this.last);
  }

  follow(event) {
    this.last = event;
    this.root.classList.add("clsm-bouge");
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.root.classList.remove("clsm-bouge"), 2500);
    if (!this.laser) return;
    const box = this.root.getBoundingClientRect();
    this.spot.hidden = false;
    this.spot.style.transform = `translate(${event.clientX - box.left}px, ${event.clientY - box.top}px)`;
  }
}
