/** The sample shop's own script: what a page does with the widget. Calls before the widget has come are kept, and done then. */

interface Stub {
  (...call: unknown[]): void;
  q?: unknown[][];
}
const page = window as unknown as { zE?: Stub };

function command(...call: unknown[]): void {
  if (page.zE !== undefined) return page.zE(...call);
  const stub: Stub = (...later) => void stub.q?.push(later);
  stub.q = [call];
  page.zE = stub;
}

const green = "#1f4d3f";
command("messenger:set", "customization", {
  brandColor: green,
  conversationColor: green,
  actionColor: green,
  businessName: "Lumen & Oak",
});
document.getElementById("ask")?.addEventListener("click", () => command("messenger", "open"));
document.getElementById("order")?.addEventListener("click", () => {
  command("messenger", "open");
  command("messenger", "sendMessage", "Where is my order?");
});

/** Where there is room for both, the agent's window stands beside the shop, until it is closed. It is asked for when it is to be seen. */
const CLOSED = "causerie.demo.closed";
const button = document.getElementById("beside");
const agent = document.querySelector<HTMLIFrameElement>("#agent");
const isOwn = document.querySelector('.note [data-own="yes"]') !== null;

function stand(beside: boolean): void {
  if (agent === null) return;
  if (beside && !agent.hasAttribute("src")) agent.src = "/workspace";
  agent.hidden = !beside;
  document.body.classList.toggle("both", beside);
  button?.setAttribute("aria-expanded", String(beside));
}

button?.addEventListener("click", () => {
  const beside = agent?.hidden === true;
  localStorage.setItem(CLOSED, beside ? "" : "yes");
  stand(beside);
});
if (isOwn && matchMedia("(min-width: 1360px)").matches && !localStorage.getItem(CLOSED)) stand(true);
