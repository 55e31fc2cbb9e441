/** Takes a vote without leaving the page. */

interface Counted {
  up: number;
  all: number;
}

export function vote(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    void send(form, button);
  });
}

async function send(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const thanks = form.querySelector(".thanks") as HTMLElement;
  const counted = await post(form.action, button.value);
  if (counted === null) return void (thanks.textContent = form.dataset["wrong"] ?? "");
  for (const one of form.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
  thanks.textContent = form.dataset["thanks"] ?? "";
  (form.querySelector(".tally") as HTMLElement).textContent = inWords(counted, form.dataset["one"] ?? "", form.dataset["many"] ?? "");
}

/** What was counted; null when it was not. */
async function post(address: string, value: string): Promise<Counted | null> {
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ value }), headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as Counted) : null;
  } catch {
    return null;
  }
}

function inWords({ up, all }: Counted, one: string, many: string): string {
  return (all === 1 ? one : many).replace("{up}", String(up)).replace("{all}", String(all));
}
