/** One conversation: what was said, what may be answered, and where to write. */

import type { Answer, Field } from "@causerie/client";
import { webUrl } from "@causerie/client/safe";
import { valueOf } from "@causerie/client/words";
import type { HTMLAttributes, JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Fields } from "../contents/Form.js";
import { useClient, useMessenger, useStore, useTexts } from "../hooks.js";
import { type Shown, question, shown } from "../model.js";
import type { Texts } from "../texts/index.js";
import { Composer } from "./Composer.js";
import { Intro } from "./Intro.js";
import { Log } from "./Log.js";

export function Conversation(): JSX.Element {
  const messenger = useMessenger();
  const state = useClient();
  const texts = useTexts();
  const config = useStore(messenger.config);
  const id = messenger.here();
  const thread = id === null ? undefined : state.threads[id];
  const messages = useDisplayed(useMemo(() => shown(state, id), [state, id]));
  const asked = question(messages);
  const drop = useDrop(config.attachmentsEnabled);
  const prechat = config.prechatCapture;
  if (prechat?.enabled && messages.length === 0 && state.main === null && state.status !== "connecting") {
    return <Prechat fields={prechat.fields ?? standardFields(texts)} />;
  }
  return (
    <main class={`conversation ${drop.over ? "over" : ""}`} {...drop.events} data-drop={texts.dropHere}>
      <Background />
      <Log key={id ?? "new"} messages={messages} thread={thread} question={asked} />
      <Composer question={asked} />
    </main>
  );
}

/** The messages as the page wants them shown: it may change one, or hold it back. Without such a wish, all of them as they are. */
function useDisplayed(messages: Shown[]): Shown[] {
  const { page } = useMessenger();
  const { delegates } = useStore(page.facts);
  const [judged, setJudged] = useState<ReadonlyMap<string, Shown["content"] | null>>(new Map());
  const wanted = delegates?.display === true;
  useEffect(() => {
    if (!wanted) return;
    for (const one of messages) {
      if (one.id === null || one.own || judged.has(one.id)) continue;
      const id = one.id;
      void page.through("display", { id, author: one.author, content: one.content }).then((given) =>
        setJudged((all) => new Map(all).set(id, given === null ? null : given.content)),
      );
    }
  }, [messages, wanted, page]);
  return useMemo(() => {
    if (!wanted) return messages;
    return messages.flatMap((one) => {
      if (one.own || one.id === null) return [one];
      const content = judged.get(one.id);
      return content === undefined || content === null ? [] : [content === one.content ? one : { ...one, content }];
    });
  }, [messages, judged, wanted]);
}

function Background(): JSX.Element | null {
  const { backgroundImageUrl } = useStore(useMessenger().config);
  const url = backgroundImageUrl === null ? null : webUrl(backgroundImageUrl);
  return url === null ? null : <div class="backdrop" style={{ backgroundImage: `url(${JSON.stringify(url)})` }} />;
}

function standardFields(texts: Texts): readonly Field[] {
  return [
    { type: "text", name: "name", label: texts.name },
    { type: "email", name: "email", label: texts.email },
  ];
}

/** A few questions before the first message; the answers are the first message. */
function Prechat({ fields }: { fields: readonly Field[] }): JSX.Element {
  const messenger = useMessenger();
  const texts = useTexts();
  const submit = (answers: Answer[]): void => {
    const text = answers.map((answer) => `${answer.label}: ${valueOf(answer)}`).join("\n");
    const told = Object.fromEntries(answers.map((answer) => [`prechat.${answer.name}`, valueOf(answer)]));
    void messenger.say({ type: "text", text }, told);
  };
  return (
    <main class="conversation prechat">
      <Intro />
      <section class="form">
        <p class="form-text">{texts.prechatTitle}</p>
        <Fields fields={fields} label={texts.prechatStart} submit={submit} />
      </section>
    </main>
  );
}

type DropEvents = Pick<HTMLAttributes<HTMLElement>, "onDragOver" | "onDragLeave" | "onDrop">;

function useDrop(enabled: boolean): { over: boolean; events: DropEvents } {
  const messenger = useMessenger();
  const [over, setOver] = useState(false);
  if (!enabled) return { over: false, events: {} };
  const events: DropEvents = {
    onDragOver: (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event) => event.currentTarget === event.target && setOver(false),
    onDrop: (event) => {
      event.preventDefault();
      setOver(false);
      messenger.pick(event.dataTransfer?.files ?? []);
    },
  };
  return { over, events };
}
