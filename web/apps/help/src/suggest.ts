/** Articles while somebody types: a list below the field, by arrow keys or pointer. Enter without a choice searches as it does without a script. */

interface Found {
  title: string;
  url: string;
  locale: string;
  /** The snippet in pieces, each with whether it is a word of the question. */
  parts: [string, boolean][];
}

interface Answer {
  results: Found[];
  count: number;
}

const PAUSE_MS = 140;
const SHORTEST = 2;
const KEPT = 50;

let lists = 0;

export function suggest(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("input[type=search]");
  if (field !== null) new Suggestions(form, field);
}

class Suggestions {
  private readonly list = document.createElement("div");
  private readonly known = new Map<string, Answer>();
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private asking = new AbortController();
  private chosen = -1;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly field: HTMLInputElement,
  ) {
    this.list.id = `hc-suggestions-${++lists}`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
    form.append(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" }))
      field.setAttribute(name, value);
    field.addEventListener("input", () => this.later());
    field.addEventListener("focus", () => this.later());
    field.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("focusout", (event) => !form.contains(event.relatedTarget as Node | null) && this.close());
    // A press on an option must not take the focus away before it is a click.
    this.list.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && event.preventDefault());
  }

  private get query(): string {
    return this.field.value.trim();
  }

  private get options(): HTMLAnchorElement[] {
    return [...this.list.querySelectorAll("a")];
  }

  private later(): void {
    clearTimeout(this.waiting);
    this.asking.abort();
    if (this.query.length < SHORTEST) return this.close();
    this.waiting = setTimeout(() => void this.ask(this.query), this.known.has(this.query) ? 0 : PAUSE_MS);
  }

  private async ask(query: string): Promise<void> {
    this.asking = new AbortController();
    try {
      const answer = this.known.get(query) ?? (await this.fetched(query));
      if (this.known.size >= KEPT) this.known.clear();
      this.known.set(query, answer);
      if (query === this.query && document.activeElement === this.field) this.show(answer);
    } catch {
      // Somebody types on, or the server has no time: the form itself still searches.
    }
  }

  private async fetched(query: string): Promise<Answer> {
    const address = new URL(this.form.dataset["suggest"] ?? "", location.href);
    address.searchParams.set("query", query);
    const answer = await fetch(address, { signal: this.asking.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()) as Answer;
  }

  private show({ results, count }: Answer): void {
    if (results.length === 0) return this.close();
    const options = results.map(option);
    if (count > results.length) options.push(this.all());
    options.forEach((one, at) => (one.id = `${this.list.id}-${at}`));
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.choose(-1);
  }

  /** The page of all results, as the form itself would open it. */
  private all(): HTMLAnchorElement {
    const address = new URL(this.form.action);
    for (const [name, value] of new FormData(this.form)) address.searchParams.set(name, String(value));
    const link = blank(address.href);
    link.className = "all";
    link.textContent = this.form.dataset["all"] ?? "";
    return link;
  }

  private close(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.isComposing || this.list.hidden) return;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") this.choose(this.chosen >= last ? -1 : this.chosen + 1);
    else if (event.key === "ArrowUp") this.choose(this.chosen < 0 ? last : this.chosen - 1);
    else if (event.key === "Enter" && this.chosen >= 0) this.options[this.chosen]?.click();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  private choose(at: number): void {
    this.chosen = at;
    this.options.forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
    const option = this.options[at];
    option?.scrollIntoView({ block: "nearest" });
    if (option === undefined) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", option.id);
  }
}

function option(found: Found): HTMLAnchorElement {
  const link = blank(found.url);
  const title = document.createElement("b");
  title.dir = "auto";
  title.textContent = found.title;
  const snippet = document.createElement("small");
  snippet.dir = "auto";
  snippet.append(...found.parts.map(piece));
  link.lang = found.locale;
  link.append(title, snippet);
  return link;
}

function blank(address: string): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = address;
  link.tabIndex = -1;
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  return link;
}

function piece([text, isHit]: [string, boolean]): Node {
  if (!isHit) return document.createTextNode(text);
  const mark = document.createElement("mark");
  mark.textContent = text;
  return mark;
}
