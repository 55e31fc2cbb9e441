/** What the help centre's pages do beyond what they do without a script: suggest, take a vote in place, show where one reads, open the widget. */

import { contact } from "./contact.js";
import { follow } from "./outline.js";
import { suggest } from "./suggest.js";
import { vote } from "./vote.js";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-suggest]")) suggest(form);
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-vote]")) vote(form);
for (const box of document.querySelectorAll<HTMLElement>("[data-contact]")) contact(box);
follow(document.querySelectorAll<HTMLAnchorElement>(".outline a"));

/** Menus close when one goes elsewhere. */
for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.languages")) {
  document.addEventListener("click", (event) => !menu.contains(event.target as Node) && menu.removeAttribute("open"));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
