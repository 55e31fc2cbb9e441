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

/** The agent's window stands beside the shop, where there is room; elsewhere, and where the browser opens none, the link does what links do. */
const AGENT_WIDTH = 1180;
document.getElementById("agent")?.addEventListener("click", (event) => {
  if (screen.availWidth < AGENT_WIDTH) return;
  const left = screen.availWidth - AGENT_WIDTH;
  const features = `popup,width=${AGENT_WIDTH},height=${screen.availHeight},left=${left},top=0`;
  const opened = window.open("/workspace", "causerie-agent", features);
  if (opened === null) return;
  event.preventDefault();
  opened.focus();
});
