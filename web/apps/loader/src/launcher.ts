/** The button, its badge, the newest message in a few words, and the panel that holds the frame: a shadow root in the page. */

import type { Preview } from "@causerie/bridge";
import { color, inkOn, type Looks, type Place } from "./settings.js";
import { STYLE } from "./style.js";
import type { Words } from "./words.js";

const CHAT = "M12 3.2c-5.1 0-9.2 3.5-9.2 7.9 0 2.5 1.3 4.7 3.4 6.1-.1 1-.5 2.2-1.4 3.2-.2.3 0 .7.4.6 1.9-.3 3.4-1.1 4.4-1.9.8.2 1.6.3 2.4.3 5.1 0 9.2-3.6 9.2-8.3S17.100 3.200 12 3.200Z";
const DOWN = "m5.500 9 6.500 6.500L18.500 9";
const CROSS = "m3 3 8 8m0-8-8 8";

export class Launcher {
  readonly host = document.createElement("div");
  private readonly box = element("div", "button");
  private readonly button = element("button", "launcher");
  private readonly badge = element("span", "badge");
  private readonly label = element("span", "label");
  private readonly teaser = element("button", "teaser");
  private readonly dismiss = element("button", "dismiss");
  readonly panel = element("div", "panel");
  private count = 0;
  private dismissed = "";
  open = false;

  constructor(
    place: Place,
    private words: Words,
    onToggle: () => void,
  ) {
    const root = this.host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.host.setAttribute("data-causerie", "");
    this.box.classList.add(place.side);
    this.button.append(drawing(CHAT, "icon chat", true), drawing(DOWN, "icon down", false), this.label, this.badge);
    this.dismiss.append(drawing(CROSS, "", false, 14));
    for (const one of [this.button, this.teaser, this.dismiss]) one.type = "button";
    this.button.onclick = this.teaser.onclick = onToggle;
    this.box.onkeydown = (event) => {
      if (event.key === "Escape" && this.open) onToggle();
    };
    this.dismiss.onclick = () => this.hideTeaser(true);
    this.badge.hidden = this.teaser.hidden = this.dismiss.hidden = true;
    this.button.setAttribute("aria-haspopup", "dialog");
    this.panel.setAttribute("role", "dialog");
    this.box.append(this.panel, this.teaser, this.dismiss, this.button);
    root.append(this.box);
    this.speak(words);
  }

  dress(looks: Looks): void {
    const brand = color(looks.brandColor);
    this.vary({ "--brand": brand, "--ink": inkOn(brand), "--w": px(looks.buttonWidth), "--h": px(looks.buttonHeight) });
    this.box.classList.toggle("tab", looks.displayStyle === "tab");
    this.box.classList.toggle("button", looks.displayStyle !== "tab");
    if (looks.displayStyle === "tab") this.vary({ "--h": "40px" });
    if (looks.buttonIconUrl) this.picture(looks.buttonIconUrl);
  }

  vary(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) this.host.style.setProperty(name, value);
  }

  /** In these words from now on. */
  speak(words: Words): void {
    this.words = words;
    this.label.textContent = words.title;
    this.panel.setAttribute("aria-label", words.title);
    this.dismiss.setAttribute("aria-label", words.dismiss);
    this.name();
  }

  show(open: boolean): void {
    this.open = open;
    this.box.classList.toggle("open", open);
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.hideTeaser(false);
    this.name();
  }

  cover(on: boolean): void {
    this.box.classList.toggle("cover", on);
  }

  focus(): void {
    this.button.focus({ preventScroll: true });
  }

  unread(count: number, preview: Preview | undefined): void {
    this.count = count;
    this.badge.hidden = count === 0;
    this.badge.textContent = count > 99 ? "99+" : String(count);
    this.name();
    if (count === 0 || this.open || preview === undefined) return this.hideTeaser(false);
    if (preview.text !== this.dismissed) this.tease(preview);
  }

  private tease(preview: Preview): void {
    const name = document.createElement("strong");
    const text = document.createElement("span");
    name.textContent = preview.name;
    text.textContent = preview.text;
    this.teaser.replaceChildren(name, text);
    this.teaser.hidden = this.dismiss.hidden = false;
    const box = this.teaser.getBoundingClientRect();
    this.dismiss.style.left = `${box.right - 34}px`;
    this.dismiss.style.top = `${box.top + 6}px`;
  }

  private hideTeaser(forGood: boolean): void {
    if (forGood) this.dismissed = this.teaser.querySelector("span")?.textContent ?? "";
    this.teaser.hidden = this.dismiss.hidden = true;
  }

  private name(): void {
    const unread = this.count > 0 ? ` (${this.words.unread(this.count)})` : "";
    this.button.setAttribute("aria-label", (this.open ? this.words.close : this.words.open) + unread);
  }

  private picture(url: string): void {
    const image = document.createElement("img");
    image.className = "icon chat";
    image.alt = "";
    image.referrerPolicy = "no-referrer";
    image.onload = () => this.button.querySelector("svg.chat")?.replaceWith(image);
    image.src = url;
  }
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

function drawing(path: string, className: string, filled: boolean, size = 24): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  line.setAttribute("fill", filled ? "currentColor" : "none");
  if (!filled) {
    line.setAttribute("stroke", "currentColor");
    line.setAttribute("stroke-width", size === 24 ? "2.4" : "1.8");
    line.setAttribute("stroke-linecap", "round");
    line.setAttribute("stroke-linejoin", "round");
  }
  svg.append(line);
  return svg;
}

const px = (text: string): string => `${Math.min(160, Math.max(32, Number.parseInt(text, 10) || 58))}px`;
