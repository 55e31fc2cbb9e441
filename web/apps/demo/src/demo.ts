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
